// node -r loopback.cjs SERVER: what would listen on all addresses listens on this machine's own.
const { Server } = require("net");
const listen = Server.prototype.listen;
Server.prototype.listen = function (where, ...rest) {
    const port = Number(where);
    if (!Number.isInteger(port)) return listen.call(this, where, ...rest);
    return listen.call(this, { port, host: "127.0.0.1" }, rest.find((it) => typeof it === "function"));
};
