use std::io::{Cursor, Write};

use base64::{Engine, engine::general_purpose::STANDARD};
use sha2::{Digest, Sha256};
use zip::{CompressionMethod, DateTime, ZipWriter, write::SimpleFileOptions};

/// A zip with the program in it.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Package {
    /// The zip: the same bytes for the same program.
    pub zip: Vec<u8>,
    /// The SHA-256 of the zip in base64, as Lambda tells it of a function's code (`CodeSha256`).
    pub sha256: String,
    /// The program's size in bytes, of which Lambda takes 250 MB.
    pub unzipped: usize,
}

impl Package {
    /// Puts a program into a zip, by the name that Lambda starts.
    ///
    /// ```
    /// use sfn_runtime::package::Package;
    ///
    /// let package = Package::of(b"\x7fELF, say");
    /// assert_eq!(package, Package::of(b"\x7fELF, say"));
    /// ```
    #[must_use]
    pub fn of(program: &[u8]) -> Self {
        // No time and no order of this machine's, so that an unchanged program is an unchanged zip.
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .compression_level(Some(9))
            .last_modified_time(DateTime::default())
            .unix_permissions(0o755)
            .large_file(program.len() >= u32::MAX as usize);
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        let zip = writer
            .start_file("bootstrap", options)
            .and_then(|()| Ok(writer.write_all(program)?))
            .and_then(|()| writer.finish())
            .expect("memory takes what is written to it")
            .into_inner();
        Self {
            sha256: STANDARD.encode(Sha256::digest(&zip)),
            unzipped: program.len(),
            zip,
        }
    }
}

impl std::fmt::Debug for Package {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Package")
            .field("zip", &self.zip.len())
            .field("sha256", &self.sha256)
            .field("unzipped", &self.unzipped)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Read};

    use super::Package;

    #[test]
    fn the_program_comes_out_as_it_went_in_and_may_be_run() {
        let package = Package::of(b"a program");
        let mut archive = zip::ZipArchive::new(Cursor::new(&package.zip)).expect("it is a zip");
        let mut file = archive.by_name("bootstrap").expect("the program is in it");
        assert_eq!(file.unix_mode().map(|mode| mode & 0o777), Some(0o755));
        let mut program = Vec::new();
        file.read_to_end(&mut program).expect("it can be read");
        assert_eq!(program, b"a program");
    }
}
