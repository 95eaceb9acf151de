//! Work that goes on when the browser hangs up.

use std::{
    pin::Pin,
    task::{Context, Poll},
};
use tokio::runtime::Handle;

/// Does the work to its end, whether or not somebody still waits for it: axum drops a handler when its connection closes,
/// and an answer that the org has taken must also be kept. As long as somebody waits it is done where they wait; it
/// becomes a task of its own when they are gone.
pub fn detached<F>(work: Pin<Box<F>>) -> Detached<F>
where
    F: Future<Output: Send> + Send + 'static,
{
    Detached { work: Some(work) }
}

/// Work that is waited for.
pub struct Detached<F>
where
    F: Future<Output: Send> + Send + 'static,
{
    /// Nothing once it is done.
    work: Option<Pin<Box<F>>>,
}

impl<F> Future for Detached<F>
where
    F: Future<Output: Send> + Send + 'static,
{
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        // Out of our hands meanwhile: work that panics is not to be gone on with.
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
        // Without a runtime the process is about to end.
        if let (Some(work), Ok(runtime)) = (self.work.take(), Handle::try_current()) {
            runtime.spawn(work);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::detached;
    use std::{
        sync::{
            Arc,
            atomic::{AtomicBool, Ordering},
        },
        time::Duration,
    };
    use tokio::{
        sync::Notify,
        time::{sleep, timeout},
    };

    #[tokio::test]
    async fn what_is_waited_for_says_what_came_of_it() {
        let work = async {
            sleep(Duration::from_millis(1)).await;
            7
        };
        assert_eq!(detached(Box::pin(work)).await, 7);
    }

    #[tokio::test]
    async fn rel_04_work_goes_on_when_nobody_waits_for_it_any_more() {
        let (go_on, done) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let work = {
            let (go_on, done) = (go_on.clone(), done.clone());
            async move {
                go_on.notified().await;
                done.notify_one();
            }
        };
        assert!(timeout(Duration::from_millis(5), detached(Box::pin(work))).await.is_err());
        go_on.notify_one();
        done.notified().await;
    }

    #[tokio::test]
    async fn what_nobody_has_begun_to_wait_for_is_done_as_well() {
        let (is_done, done) = (Arc::new(AtomicBool::new(false)), Arc::new(Notify::new()));
        let work = {
            let (is_done, done) = (is_done.clone(), done.clone());
            async move {
                is_done.store(true, Ordering::Relaxed);
                done.notify_one();
            }
        };
        drop(detached(Box::pin(work)));
        done.notified().await;
        assert!(is_done.load(Ordering::Relaxed));
    }
}
