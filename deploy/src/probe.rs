//! Questions to the guests of a running lab, as lines for their shells, and what the answers mean.
//!
//! The lines go to guests with a shell of POSIX and the usual programs, of GNU or of busybox. A guest without these can be
//! asked by `command` alone.

use crate::host::quoted;
use wtop_compiler::topology::Question;
use wtop_compiler::value::Value;

/// The line that asks.
pub fn line(question: &Question) -> String {
    match question {
        Question::Ping(to) => format!("ping -n -c 1 -W 2 {to} 2>/dev/null || ping -c 1 -W 2 {to}"),
        // Busybox has no `nc -z`; without one of these three, nobody knows.
        Question::Tcp(to, port) => format!(
            "if command -v bash >/dev/null; then timeout 4 bash -c ': </dev/tcp/{to}/{port}'; \
             else nc -w 3 {to} {port} </dev/null >/dev/null; fi && echo open"
        ),
        Question::Http(url) => {
            let url = quoted(url);
            format!(
                "if command -v curl >/dev/null; then curl -s -o /dev/null -m 5 -w 'HTTP/1 %{{http_code}}' {url}; \
                 else wget -S -T 5 -O /dev/null {url} 2>&1; fi"
            )
        }
        Question::Command(text) => text.clone(),
    }
}

/// What a guest has answered: what it printed, and whether the line ended well.
pub fn answer(question: &Question, printed: &str, is_well: bool) -> Value {
    match question {
        Question::Ping(_) => Value::Bool(is_well),
        Question::Tcp(..) => Value::Bool(printed.contains("open")),
        Question::Http(_) => Value::Int(status(printed).unwrap_or(0)),
        Question::Command(_) => Value::String(printed.trim_end().into()),
    }
}

/// The status of the last answer among lines such as `HTTP/1.1 200 OK`.
fn status(printed: &str) -> Option<i64> {
    let answers = printed.split("HTTP/").skip(1).filter_map(|answer| answer.split_whitespace().nth(1)?.parse().ok());
    answers.last()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_mean_what_the_language_says() {
        let http = Question::Http("http://10.0.0.1/".to_owned());
        assert_eq!(answer(&http, "  HTTP/1.1 301 Moved\n  HTTP/1.1 404 Not Found\n", false), Value::Int(404));
        assert_eq!(answer(&http, "HTTP/1 200", true), Value::Int(200));
        assert_eq!(answer(&http, "wget: can't connect", false), Value::Int(0));
        let tcp = Question::Tcp("10.0.0.1".parse().unwrap(), 22);
        assert_eq!(answer(&tcp, "open\n", true), Value::Bool(true));
        let command = Question::Command("uname".to_owned());
        assert_eq!(answer(&command, "Linux\r\n", true), Value::String("Linux".into()));
    }

    #[test]
    fn urls_are_no_shell() {
        let http = Question::Http("http://h/?a=$(reboot)".to_owned());
        assert!(line(&http).contains("'http://h/?a=$(reboot)'"));
    }
}
