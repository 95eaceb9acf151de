//! Random bytes from the operating system.

use crate::error::Error;
use crate::flow::flow_secrets::FlowSecrets;

impl FlowSecrets {
    /// New secrets: 256 random bits each.
    pub fn random() -> Result<Self, Error> {
        Ok(Self::from_bytes([random_bytes()?, random_bytes()?, random_bytes()?]))
    }
}

pub(crate) fn random_bytes<const N: usize>() -> Result<[u8; N], Error> {
    let mut bytes = [0; N];
    aws_lc_rs::rand::fill(&mut bytes).map_err(|_| Error::NoRandomness)?;
    Ok(bytes)
}
