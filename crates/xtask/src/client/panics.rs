//! Replaces the functions that only report a panic by a trap, so that neither they nor their texts are downloaded.
//!
//! The client aborts on a panic and shows no message, so what is removed here can never be seen: 4 KB of the page.

use latchkey_harness::Error;
use rustc_demangle::demangle;
use walrus::ir::{Instr, Unreachable};
use walrus::{DataId, FunctionId, FunctionKind, Module};

/// The functions of the standard library that end a program and do nothing else, by a part of their path. Each must be in
/// the client: a toolchain that renames one would bring its texts back without notice.
const PANIC_FUNCTIONS: [&str; 12] = [
    "::panicking::",
    "::unwrap_failed",
    "::expect_failed",
    "::panic_already_borrowed",
    "::panic_already_mutably_borrowed",
    "::panic_access_error",
    "::panic_poisoned",
    "::slice_index_fail",
    "::slice_error_fail",
    "::raw_vec::handle_error",
    "::capacity_overflow",
    "::handle_alloc_error",
];

/// Not one of them, in spite of its path: it asks whether a panic is under way, and returns.
const PANIC_COUNT: &str = "::panic_count::";

/// The `Debug` implementations of the standard library are called by panics only.
const DEBUG_FMT: &str = " as core::fmt::Debug>::fmt";

/// Replaces the bodies of these functions.
pub(super) fn remove(module: &mut Module) -> Result<(), Error> {
    let named = || module.funcs.iter_local().filter_map(|(id, _)| Some((id, plain_name(module, id)?)));
    for pattern in PANIC_FUNCTIONS.into_iter().chain([DEBUG_FMT]) {
        if !named().any(|(_, name)| matches(&name, pattern)) {
            return Err(Error::new(format!("No function of the client matches `{pattern}`.")).hint(
                "Either the toolchain has renamed it, or the client does not contain it any more. Look at the names that \
                 the standard library has now, and change the patterns in crates/xtask/src/client/panics.rs.",
            ));
        }
    }
    let only_panics: Vec<FunctionId> =
        named().filter(|(_, name)| only_panics(name)).map(|(id, _)| id).collect();
    for id in only_panics {
        if let FunctionKind::Local(function) = &mut module.funcs.get_mut(id).kind {
            let entry = function.entry_block();
            function.block_mut(entry).instrs = vec![(Instr::Unreachable(Unreachable {}), Default::default())];
        }
    }
    let data: Vec<DataId> = module.data.iter().map(|data| data.id()).collect();
    for id in data {
        blank_source_paths(&mut module.data.get_mut(id).value);
    }
    Ok(())
}

/// Overwrites the paths of source files with zeros, which cost nothing when they are compressed. Panics alone name them, and
/// each stands between two zeros.
fn blank_source_paths(data: &mut [u8]) {
    for text in data.split_mut(|byte| *byte == 0) {
        if text.ends_with(b".rs") && text.iter().all(u8::is_ascii_graphic) {
            text.fill(0);
        }
    }
}

/// The path of a function without hashes, whichever way it is mangled.
fn plain_name(module: &Module, id: FunctionId) -> Option<String> {
    Some(format!("{:#}", demangle(module.funcs.get(id).name.as_deref()?)))
}

fn only_panics(name: &str) -> bool {
    PANIC_FUNCTIONS.into_iter().chain([DEBUG_FMT]).any(|pattern| matches(name, pattern))
}

fn matches(name: &str, pattern: &str) -> bool {
    name.contains(pattern) && !name.contains(PANIC_COUNT) && (pattern != DEBUG_FMT || is_of_std(name))
}

/// Whether an implementation, such as `<&core::fmt::Error as core::fmt::Debug>::fmt`, is for a type of the standard library.
fn is_of_std(name: &str) -> bool {
    let implementer = name.trim_start_matches('<').split(" as ").next().unwrap_or_default();
    let path =
        implementer.trim_start_matches(['&', '*']).trim_start_matches("mut ").trim_start_matches("dyn ");
    ["core::", "alloc::", "std::"].iter().any(|krate| path.starts_with(krate)) || !path.contains("::")
}

#[cfg(test)]
mod tests {
    use walrus::FunctionBuilder;

    use super::*;

    /// One function for each pattern, then these; each returns 7.
    fn module(more: &[&str]) -> Module {
        let mut module = Module::default();
        let patterns = PANIC_FUNCTIONS.iter().map(|pattern| format!("core{pattern}"));
        let debug = format!("<char{DEBUG_FMT}");
        for name in patterns.chain([debug]).chain(more.iter().map(|name| (*name).to_owned())) {
            let mut builder = FunctionBuilder::new(&mut module.types, &[], &[walrus::ValType::I32]);
            builder.name(name).func_body().i32_const(7);
            builder.finish(Vec::new(), &mut module.funcs);
        }
        module
    }

    fn traps(module: &Module, name: &str) -> bool {
        let id = module.funcs.by_name(name).unwrap();
        let function = module.funcs.get(id).kind.unwrap_local();
        matches!(function.block(function.entry_block()).instrs.as_slice(), [(Instr::Unreachable(_), _)])
    }

    #[test]
    fn paths_of_source_files_are_blanked_and_other_text_stays() {
        let mut data = *b"Sign in\0src/a.rs\0see b.rs\0.rs!";
        blank_source_paths(&mut data);
        assert_eq!(&data, b"Sign in\0\0\0\0\0\0\0\0\0\0see b.rs\0.rs!");
    }

    #[test]
    fn a_function_that_only_panics_becomes_a_trap_and_others_stay() {
        let others =
            ["app::page", "std::panicking::panic_count::is_zero", "<app::Value as core::fmt::Debug>::fmt"];
        let only_panics = ["core::panicking::panic_fmt", "<&core::fmt::Error as core::fmt::Debug>::fmt.396"];
        let mut module = module(&[others, ["_RNvNtCsgXGp5Oqx2Ny_4core9panicking5panic"; 3]].concat());
        for name in only_panics {
            let mut builder = FunctionBuilder::new(&mut module.types, &[], &[]);
            builder.name(name.to_owned());
            builder.finish(Vec::new(), &mut module.funcs);
        }
        remove(&mut module).unwrap();
        for name in only_panics.into_iter().chain(["_RNvNtCsgXGp5Oqx2Ny_4core9panicking5panic"]) {
            assert!(traps(&module, name), "{name}");
        }
        for name in others {
            assert!(!traps(&module, name), "{name}");
        }
    }

    #[test]
    fn a_pattern_that_matches_no_function_fails_the_build() {
        let mut complete = module(&[]);
        assert_eq!(remove(&mut complete), Ok(()));
        let mut renamed = module(&[]);
        let id = renamed.funcs.by_name("core::handle_alloc_error").unwrap();
        renamed.funcs.get_mut(id).name = Some("core::handle_allocation_error".to_owned());
        let error = remove(&mut renamed).unwrap_err().to_string();
        assert!(error.contains("`::handle_alloc_error`") && error.contains("panics.rs"), "{error}");
    }

    #[test]
    fn a_module_without_names_fails_the_build() {
        assert!(remove(&mut Module::default()).is_err());
    }
}
