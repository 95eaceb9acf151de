//! The letters that a WebAssembly module is written in.

/// A module's magic number and version.
const HEADER: usize = 8;

/// What a section is about, and what is in it.
type Section<'m> = (u8, &'m [u8]);

/// What stands before the first section, and the sections.
pub(super) fn sections(wasm: &[u8]) -> Option<(&[u8], Vec<Section<'_>>)> {
    let (header, mut rest) = wasm.split_at_checked(HEADER)?;
    let mut sections = Vec::new();
    while let Some((id, sized)) = rest.split_first() {
        let mut inside = sized;
        let size = take_number(&mut inside)? as usize;
        let (section, after) = inside.split_at_checked(size)?;
        sections.push((*id, section));
        rest = after;
    }
    Some((header, sections))
}

pub(super) fn take_text(bytes: &mut &[u8]) -> Option<String> {
    let length = take_number(bytes)? as usize;
    let (text, rest) = bytes.split_at_checked(length)?;
    *bytes = rest;
    String::from_utf8(text.to_vec()).ok()
}

/// Seven bits a byte, the lowest first; the last byte is below 128.
pub(super) fn take_number(bytes: &mut &[u8]) -> Option<u32> {
    let mut number = 0;
    for shift in (0..u32::BITS).step_by(7) {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u32::from(byte & 127) << shift;
        if *byte < 128 {
            return Some(number);
        }
    }
    None
}

pub(super) fn number(mut number: usize, out: &mut Vec<u8>) {
    while number > 127 {
        out.push((number & 127) as u8 | 128);
        number >>= 7;
    }
    out.push(number as u8);
}
