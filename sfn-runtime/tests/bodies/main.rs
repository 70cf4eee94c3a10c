//! What recorded function bodies become: the states, what they assign, what they are called.

mod definitions;
mod runs;
