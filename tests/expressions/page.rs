//! The guide's page.
