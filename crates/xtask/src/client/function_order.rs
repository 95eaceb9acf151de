//! Orders the functions of a WebAssembly file by likeness: brotli refers back to an equal piece with fewer bits if it is near.
//! 2.3 KB of the page.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap, HashSet};

use latchkey_harness::Error;
use wasm_encoder::{NameMap, NameSection, Section};
use wasmparser::{BinaryReaderError, Parser, Payload, TypeRef};

/// The length of the pieces by which functions are compared: the shortest that brotli refers back to with profit.
const PIECE_LENGTH: usize = 4;

/// The most functions that have a piece in common for it to count: a piece of almost all functions makes no two of them alike.
const MAX_FUNCTIONS_WITH_PIECE: usize = 300;

/// The likeness of two functions that have all pieces in common.
const LIKENESS_SCALE: usize = 1_000_000;

/// The file with a name for each of its functions, so that wasm-opt, which sorts functions by name, puts like beside like.
pub(super) fn named_by_likeness(wasm: &[u8]) -> Result<Vec<u8>, Error> {
    let (imported, bodies) = functions(wasm)
        .map_err(|error| Error::new(format!("The functions of the client cannot be read: {error}.")))?;
    let mut places: Vec<(usize, usize)> =
        by_likeness(&bodies).into_iter().enumerate().map(|(place, function)| (function, place)).collect();
    places.sort_unstable();
    let mut names = NameMap::new();
    for ((_, place), index) in places.into_iter().zip(imported..) {
        names.append(index, &format!("{place:08}"));
    }
    let mut section = NameSection::new();
    section.functions(&names);
    let mut named = wasm.to_vec();
    section.append_to(&mut named);
    Ok(named)
}

/// The number of imported functions, and the bodies of the others.
fn functions(wasm: &[u8]) -> Result<(u32, Vec<&[u8]>), BinaryReaderError> {
    let (mut imported, mut bodies) = (0, Vec::new());
    for payload in Parser::new(0).parse_all(wasm) {
        match payload? {
            Payload::ImportSection(imports) => {
                for import in imports.into_imports() {
                    imported += u32::from(matches!(import?.ty, TypeRef::Func(_) | TypeRef::FuncExact(_)));
                }
            }
            Payload::CodeSectionEntry(body) => bodies.push(body.as_bytes()),
            _ => {}
        }
    }
    Ok((imported, bodies))
}

/// The functions in a chain: each is followed by the one that is most like it, of those that are not in the chain yet.
fn by_likeness(bodies: &[&[u8]]) -> Vec<usize> {
    let pieces: Vec<HashSet<&[u8]>> =
        bodies.iter().map(|body| body.windows(PIECE_LENGTH).collect()).collect();
    let mut having: HashMap<&[u8], Vec<usize>> = HashMap::new();
    for (function, own) in pieces.iter().enumerate() {
        for piece in own {
            having.entry(piece).or_default().push(function);
        }
    }
    having.retain(|_, functions| (2..=MAX_FUNCTIONS_WITH_PIECE).contains(&functions.len()));
    let nothing = HashSet::new();
    let mut left: BTreeSet<usize> = (0..bodies.len()).collect();
    let mut chain = Vec::new();
    let mut last = &nothing;
    while !left.is_empty() {
        let mut common = vec![0; bodies.len()];
        for function in last.iter().filter_map(|piece| having.get(piece)).flatten() {
            if let Some(count) = common.get_mut(*function) {
                *count += 1;
            }
        }
        // The share of common pieces among all pieces of both (Jaccard); where nothing is alike, the longest function is next.
        let likeness = |function: &usize| {
            let (own, common) =
                (pieces.get(*function).map_or(0, HashSet::len), common.get(*function).copied());
            let common = common.unwrap_or_default();
            (common * LIKENESS_SCALE / (last.len() + own - common + 1), own, Reverse(*function))
        };
        let Some(next) = left.iter().copied().max_by_key(likeness) else { break };
        left.remove(&next);
        chain.push(next);
        last = pieces.get(next).unwrap_or(&nothing);
    }
    chain
}

#[cfg(test)]
mod tests {
    use walrus::{FunctionBuilder, Module, ModuleConfig};
    use wasmparser::{KnownCustom, Name};

    use super::*;

    #[test]
    fn functions_that_are_alike_follow_each_other() {
        let bodies: [&[u8]; 5] =
            [b"open the door please", b"0123456789", b"open the window please!", b"01234567", b"xy"];
        assert_eq!(by_likeness(&bodies), [2, 0, 1, 3, 4]);
    }

    #[test]
    fn a_piece_of_almost_all_functions_makes_none_alike() {
        let bodies: Vec<Vec<u8>> = (0..=MAX_FUNCTIONS_WITH_PIECE)
            .map(|function| [b"same", format!("{function:04}").as_bytes()].concat())
            .collect();
        let bodies: Vec<&[u8]> = bodies.iter().map(Vec::as_slice).collect();
        let mut having_same = by_likeness(&bodies);
        having_same.sort_unstable();
        assert_eq!(having_same, (0..bodies.len()).collect::<Vec<_>>());
    }

    #[test]
    fn each_function_of_the_file_has_a_name_for_its_place_and_imports_have_none() {
        let mut module = Module::with_config(ModuleConfig::new());
        let ty = module.types.add(&[], &[]);
        module.add_import_func("./", "a", ty);
        for constants in [1, 20] {
            let mut builder = FunctionBuilder::new(&mut module.types, &[], &[]);
            for constant in 0..constants {
                builder.func_body().i32_const(constant).drop();
            }
            let function = builder.finish(Vec::new(), &mut module.funcs);
            module.exports.add(&constants.to_string(), function);
        }
        let named = named_by_likeness(&module.emit_wasm()).unwrap();
        let mut names = Vec::new();
        for payload in Parser::new(0).parse_all(&named) {
            if let Payload::CustomSection(section) = payload.unwrap()
                && let KnownCustom::Name(subsections) = section.as_known()
            {
                for subsection in subsections {
                    if let Name::Function(functions) = subsection.unwrap() {
                        names.extend(
                            functions
                                .into_iter()
                                .map(|name| name.unwrap())
                                .map(|name| (name.index, name.name.to_owned())),
                        );
                    }
                }
            }
        }
        assert_eq!(names, [(1, "00000000".to_owned()), (2, "00000001".to_owned())]);
        assert!(named_by_likeness(b"\0asm").is_err());
    }
}
