//! How fast the disk is.

use std::{
    fs::{File, remove_file},
    io::Write,
    path::Path,
    time::{Duration, Instant},
};

/// Appends blocks of 4 KiB to a file, each flushed to the disk before the next, as a log without group commit would.
pub(crate) fn writes_per_second(folder: &Path, lasting: Duration) -> std::io::Result<f64> {
    let path = folder.join("disk-speed");
    let mut file = File::create(&path)?;
    let block = [7_u8; 4096];
    let (begun, mut written) = (Instant::now(), 0_u32);
    while begun.elapsed() < lasting {
        file.write_all(&block)?;
        file.sync_data()?;
        written += 1;
    }
    let rate = f64::from(written) / begun.elapsed().as_secs_f64();
    remove_file(path)?;
    Ok(rate)
}
