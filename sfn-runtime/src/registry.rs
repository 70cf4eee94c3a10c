//! The steps and workflows linked into this program.
