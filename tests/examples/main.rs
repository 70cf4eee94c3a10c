//! The examples do what their pages say: as programs, and on an engine whose time is moved by hand.

mod answered;
mod credit;
mod definitions;
mod earthquakes;
mod feed_count;
mod pizza;
mod program;
mod world;

use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the crate stands in the workspace's folder")
        .to_owned()
}
