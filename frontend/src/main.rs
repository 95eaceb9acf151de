//! The client in the browser.

fn main() {
    latchkey_frontend::start();
}
