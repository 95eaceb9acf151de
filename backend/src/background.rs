//! Periodic work: forgets what has expired, and retries revocations that the org did not take.

use crate::{app::App, session::revocations};
use std::time::{Duration, SystemTime};

/// The time between two sweeps.
const SWEEP_INTERVAL: Duration = Duration::from_secs(30);

/// Sweeps as long as the process runs.
pub async fn run(app: App) {
    let mut interval = tokio::time::interval(SWEEP_INTERVAL);
    loop {
        interval.tick().await;
        sweep(&app, app.clock.now()).await;
    }
}

/// Forgets what has expired by this time, and revokes the tokens that are due.
pub async fn sweep(app: &App, now: SystemTime) {
    app.limits.sweep(now);
    app.flow_pacer.sweep(app.clock.instant());
    match app.vault.sweep().await {
        Ok(0) => {}
        Ok(swept) => tracing::debug!(swept, "removed expired records"),
        Err(error) => tracing::warn!(%error, "could not remove expired records"),
    }
    if let Err(error) = revocations::revoke_due(&app.sessions, now).await {
        tracing::warn!(%error, "could not look for tokens that are still to be revoked");
    }
}
