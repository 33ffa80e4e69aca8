//! How far long work has come, for clients that show it.

use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tower_lsp::Client;
use tower_lsp::ls_types::ProgressToken;

/// Fewer labs are looked at before anyone could read how many there are.
const WORTH_SHOWING: usize = 20;

/// The labs of the workspace being looked at for the first time. It ends when it is dropped.
#[derive(Debug)]
pub struct Progress {
    left: UnboundedSender<usize>,
}

impl Progress {
    /// Shows that so many labs are to be looked at; nothing where that is soon done.
    pub fn start(client: &Client, total: usize) -> Option<Progress> {
        if total < WORTH_SHOWING {
            return None;
        }
        let (left, mut told) = unbounded_channel();
        let client = client.clone();
        // The client may take its time to answer.
        tokio::spawn(async move {
            let token = ProgressToken::String("wtop/labs".to_owned());
            if client.create_work_done_progress(token.clone()).await.is_err() {
                return;
            }
            let message = format!("{total} labs");
            let shown = client.progress(token, "Checking").with_message(message).with_percentage(0).begin().await;
            let mut shown_percent = 0;
            while let Some(left) = told.recv().await {
                let percent = u32::try_from(100 * (total.saturating_sub(left)) / total).unwrap_or(100);
                if percent > shown_percent {
                    shown_percent = percent;
                    shown.report_with_message(format!("{left} of {total} labs are left"), percent).await;
                }
            }
            shown.finish().await;
        });
        Some(Progress { left })
    }

    /// So many are left.
    pub fn left(&self, count: usize) {
        // The client may have refused to show it.
        let _ = self.left.send(count);
    }
}
