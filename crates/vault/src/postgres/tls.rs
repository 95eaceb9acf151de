//! How the certificate of a database on another machine is verified.

use rustls::{ClientConfig, Error, crypto::aws_lc_rs};
use rustls_platform_verifier::BuilderVerifierExt;
use std::sync::Arc;

/// Trusts the machine's root certificates; `SSL_CERT_FILE` names others.
pub(super) fn config() -> Result<ClientConfig, Error> {
    let config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_platform_verifier()?;
    Ok(config.with_no_client_auth())
}
