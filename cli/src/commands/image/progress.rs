//! A bar that shows how far something is, where standard error is a terminal.

use indicatif::{ProgressBar, ProgressStyle};
use wtop_deploy::images::{Progress, Step};

/// With the bytes that there are, and without.
const BAR: &str = "{msg} {bar:30} {binary_bytes}/{binary_total_bytes} {binary_bytes_per_sec} {eta}";
const COUNT: &str = "{msg} {spinner} {binary_bytes} {binary_bytes_per_sec}";

/// Does something that takes long, with a bar that is gone afterwards.
pub fn watched<T>(name: &str, work: impl FnOnce(Progress) -> T) -> T {
    let bar = ProgressBar::no_length();
    let mut doing = "";
    let answer = work(&mut |step: Step| {
        if let Some(total) = step.total {
            bar.set_length(total);
        }
        bar.set_position(step.done);
        if step.doing != doing {
            doing = step.doing;
            // A template of ours is never wrong; a plain bar would do as well.
            let template = if step.total.is_some() { BAR } else { COUNT };
            bar.set_message(format!("{doing} {name}"));
            bar.set_style(ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar()));
            // What was here before this run says nothing of its speed.
            bar.reset_eta();
        }
    });
    bar.finish_and_clear();
    answer
}
