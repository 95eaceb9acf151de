//! Where the org sends browsers back to.

use axum::response::Redirect;

/// `GET /login/callback`: back to the client, which reads where its flow stands.
pub(super) async fn arrive() -> Redirect {
    Redirect::to("/")
}
