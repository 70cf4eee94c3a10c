# For scripts to source: starts the program that `$server` names, on loopback and a port of its own, sets `url` to its
# address, and ends it with the script. What it prints goes to `$log`, which is removed then.
"$server" --port 0 >"$log" 2>&1 &
pid=$!
trap 'kill "$pid" 2>/dev/null || true; wait "$pid" 2>/dev/null || true; rm -f "$log"' EXIT
url=
for _ in $(seq 1 100); do
    url=$(sed -n 's/^sfn-server listens on //p' "$log")
    [ -n "$url" ] && break
    kill -0 "$pid" 2>/dev/null || { cat "$log" >&2; exit 1; }
    sleep 0.05
done
