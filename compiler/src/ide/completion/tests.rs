//! What is offered, as stories; and what holds at every place of every program that we have.

mod everywhere;
mod stories;
