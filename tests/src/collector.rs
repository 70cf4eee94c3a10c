//! A collector of telemetry on loopback: it takes what comes, and shows it.

use std::{
    io::{self, BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
};

/// One export.
#[derive(Debug, Clone)]
pub struct Export {
    /// Where it was sent to: `/v1/traces`.
    pub path: String,
    /// The headers, their names in lower case.
    pub headers: Vec<(String, String)>,
    /// What was sent.
    pub body: Vec<u8>,
}

impl Export {
    /// What a header says.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut found = self.headers.iter().filter(|(known, _)| known == name);
        found.next().map(|(_, value)| value.as_str())
    }
}

/// See the module. It ends with the process.
#[derive(Debug)]
pub struct Collector {
    address: String,
    exports: Arc<Mutex<Vec<Export>>>,
}

impl Collector {
    /// One that answers everything with this status; with none, not at all.
    ///
    /// # Panics
    ///
    /// When loopback has no port.
    pub fn answering(status: Option<u16>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a port");
        let address = listener.local_addr().expect("it is bound").to_string();
        let exports = Arc::default();
        let taken = Arc::clone(&exports);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let taken = Arc::clone(&taken);
                thread::spawn(move || {
                    // Whoever breaks off sends no more.
                    let _ = take(stream, &taken, status);
                });
            }
        });
        Self { address, exports }
    }

    /// The address, with its scheme.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What has come so far.
    ///
    /// # Panics
    ///
    /// Never: nobody panics while holding the list.
    pub fn exports(&self) -> Vec<Export> {
        self.exports.lock().expect("nobody panics with it").clone()
    }
}

/// Takes the exports of one connection.
fn take(stream: TcpStream, taken: &Mutex<Vec<Export>>, status: Option<u16>) -> io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut writer = stream;
    loop {
        let mut request = String::new();
        if reader.read_line(&mut request)? == 0 {
            return Ok(());
        }
        let mut headers = Vec::new();
        loop {
            let mut line = String::new();
            reader.read_line(&mut line)?;
            let Some((name, value)) = line.trim().split_once(':') else {
                break;
            };
            headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        }
        let mut export = Export {
            path: request.split(' ').nth(1).unwrap_or_default().to_owned(),
            headers,
            body: Vec::new(),
        };
        let length = export
            .header("content-length")
            .and_then(|length| length.parse().ok());
        export.body = vec![0; length.unwrap_or_default()];
        reader.read_exact(&mut export.body)?;
        taken.lock().expect("nobody panics with it").push(export);
        let Some(status) = status else {
            // Waits until the other side has had enough.
            reader.read_line(&mut request)?;
            return Ok(());
        };
        write!(writer, "HTTP/1.1 {status} x\r\ncontent-length: 0\r\n\r\n")?;
    }
}
