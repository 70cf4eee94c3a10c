//! The command line: every command and every mistake, as a user sees them.

mod answer;
mod check;
mod cost;
mod definition;
mod export;
mod help;
mod history;
mod interrupt;
mod list;
mod lock;
mod run;
mod screen;
mod story;
mod template;
mod work;
