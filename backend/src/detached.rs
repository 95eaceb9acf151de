//! Work that continues if the browser disconnects.

use crate::http::ApiError;
use latchkey_contract::ProblemCode;
use std::{
    pin::Pin,
    sync::LazyLock,
    task::{Context, Poll},
    time::Duration,
};
use tokio::{runtime::Handle, sync::watch};

/// The longest that a browser waits, for all calls of the org together. The work continues.
pub(crate) const MAX_BROWSER_WAIT: Duration = Duration::from_secs(12);

/// The number of detached tasks.
static RUNNING: LazyLock<watch::Sender<usize>> = LazyLock::new(watch::Sender::default);

/// Completes the work even if the connection closes and axum drops the handler: the outcome of an answer that the org has
/// received must be stored. The work runs in the handler, and becomes a task of its own if the handler is dropped.
pub fn detached<F, T>(work: Pin<Box<F>>) -> impl Future<Output = Result<T, ApiError>>
where
    F: Future<Output = Result<T, ApiError>> + Send + 'static,
    T: Send + 'static,
{
    within(MAX_BROWSER_WAIT, work)
}

/// Runs work in the background.
pub fn run(work: impl Future<Output: Send> + Send + 'static) {
    // Without a runtime the process is about to end.
    let Ok(runtime) = Handle::try_current() else { return };
    let counted = Counted::new();
    runtime.spawn(async move {
        work.await;
        drop(counted);
    });
}

/// Waits until all detached tasks have ended.
pub async fn all_done() {
    // The sender is never dropped, so that this does not fail.
    let _ = RUNNING.subscribe().wait_for(|left| *left == 0).await;
}

fn within<F, T>(timeout: Duration, work: Pin<Box<F>>) -> impl Future<Output = Result<T, ApiError>>
where
    F: Future<Output = Result<T, ApiError>> + Send + 'static,
    T: Send + 'static,
{
    let work = Detached { work: Some(work) };
    async move {
        let done = tokio::time::timeout(timeout, work).await;
        done.unwrap_or_else(|_| Err(ProblemCode::OrgTimeout.into()))
    }
}

/// Work in its handler.
struct Detached<F>
where
    F: Future<Output: Send> + Send + 'static,
{
    /// `None` when it is done.
    work: Option<Pin<Box<F>>>,
}

/// A detached task, for the count.
struct Counted;

impl Counted {
    fn new() -> Self {
        RUNNING.send_modify(|left| *left += 1);
        Self
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        RUNNING.send_modify(|left| *left -= 1);
    }
}

impl<F> Future for Detached<F>
where
    F: Future<Output: Send> + Send + 'static,
{
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        // Taken out meanwhile, so that work that panics is not polled again.
        let Some(mut work) = self.work.take() else { return Poll::Pending };
        let done = work.as_mut().poll(cx);
        if done.is_pending() {
            self.work = Some(work);
        }
        done
    }
}

impl<F> Drop for Detached<F>
where
    F: Future<Output: Send> + Send + 'static,
{
    fn drop(&mut self) {
        if let Some(work) = self.work.take() {
            run(work);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{all_done, detached, run, within};
    use crate::http::ApiError;
    use latchkey_contract::ProblemCode;
    use std::{sync::Arc, time::Duration};
    use tokio::{
        sync::Notify,
        time::{sleep, timeout},
    };

    /// Work that waits for a signal, and reports that it is done.
    fn work() -> (Arc<Notify>, Arc<Notify>, impl Future<Output = Result<(), ApiError>>) {
        let (go_on, done) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let work = {
            let (go_on, done) = (go_on.clone(), done.clone());
            async move {
                go_on.notified().await;
                done.notify_one();
                Ok(())
            }
        };
        (go_on, done, work)
    }

    async fn is_done(done: &Notify) -> bool {
        timeout(Duration::from_secs(5), done.notified()).await.is_ok()
    }

    #[tokio::test]
    async fn what_is_waited_for_says_what_came_of_it() {
        let work = async {
            sleep(Duration::from_millis(1)).await;
            Ok(7)
        };
        assert!(matches!(detached(Box::pin(work)).await, Ok(7)));
    }

    #[tokio::test]
    async fn rel_04_work_continues_after_its_handler_is_dropped() {
        let (go_on, done, work) = work();
        assert!(timeout(Duration::from_millis(5), detached(Box::pin(work))).await.is_err());
        go_on.notify_one();
        assert!(is_done(&done).await);
    }

    #[tokio::test]
    async fn work_without_a_waiting_handler_is_done_too() {
        let (go_on, done, work) = work();
        drop(detached(Box::pin(work)));
        go_on.notify_one();
        assert!(is_done(&done).await);
    }

    #[tokio::test]
    async fn rel_30_a_browser_waits_for_a_bounded_time_and_the_work_continues() {
        let (go_on, done, work) = work();
        let answer = within(Duration::from_millis(5), Box::pin(work)).await;
        assert!(matches!(answer, Err(ApiError::Plain(ProblemCode::OrgTimeout))));
        go_on.notify_one();
        assert!(is_done(&done).await);
    }

    #[tokio::test]
    async fn rel_41_a_stop_waits_for_detached_work() {
        let (go_on, done, work) = work();
        run(work);
        assert!(timeout(Duration::from_millis(20), all_done()).await.is_err());
        go_on.notify_one();
        assert!(timeout(Duration::from_secs(5), all_done()).await.is_ok());
        assert!(timeout(Duration::ZERO, done.notified()).await.is_ok());
    }
}
