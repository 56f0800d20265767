//! A bar for what takes over half a second, on a terminal.

use super::Common;
use std::io::IsTerminal;
use std::time::{Duration, Instant};

/// The bar.
pub struct Bar {
    bar: Option<indicatif::ProgressBar>,
    start: Instant,
}

impl Bar {
    /// A bar that counts `things`.
    #[must_use]
    pub fn new(c: &Common, things: &str) -> Self {
        Self::like(c, &format!("{{bar:32}} {{pos}}/{{len}} {things}"))
    }

    /// A bar that counts bytes, and says how long it will take.
    #[must_use]
    pub fn of_bytes(c: &Common) -> Self {
        Self::like(c, "{bar:32} {bytes}/{total_bytes} sent, {eta} left")
    }

    fn like(c: &Common, template: &str) -> Self {
        let wanted = !c.quiet && std::io::stderr().is_terminal();
        let bar = wanted.then(|| {
            let bar = indicatif::ProgressBar::with_draw_target(Some(0), indicatif::ProgressDrawTarget::hidden());
            if let Ok(style) = indicatif::ProgressStyle::with_template(template) {
                bar.set_style(style);
            }
            bar
        });
        Self { bar, start: Instant::now() }
    }

    /// So much of so much is done.
    pub fn show(&self, done: usize, total: usize) {
        let Some(bar) = &self.bar else { return };
        if self.start.elapsed() > Duration::from_millis(500) {
            if bar.is_hidden() {
                bar.set_draw_target(indicatif::ProgressDrawTarget::stderr_with_hz(10));
            }
            bar.set_length(total as u64);
            bar.set_position(done as u64);
        }
    }

    /// Takes the bar away.
    pub fn end(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
