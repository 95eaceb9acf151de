//! Blanks the data of the client that nothing reaches, since zeros cost nothing when they are compressed. Only functions that
//! report a panic, which become traps (see `panics`), reach the tables of printable characters, for example: 0.9 KB of the page.
//!
//! The linker leaves in the file what refers to what: a symbol for each function and piece of data, and a relocation for each address.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use latchkey_harness::Error;
use wasmparser::{
    BinaryReaderError, ExternalKind, KnownCustom, Linking, Parser, Payload, RelocationEntry, RelocationType,
    SymbolFlags, SymbolInfo, TypeRef,
};

use super::panics;

/// The file with zeros for the data that nothing reaches from what the file exports.
pub(super) fn blanked(wasm: &[u8]) -> Result<Vec<u8>, Error> {
    let file = File::read(wasm).map_err(|error| {
        Error::new(format!("The client cannot be read as the linker has written it: {error}."))
    })?;
    if file.relocations.is_empty() {
        return Err(Error::new("The client does not say what refers to what.")
            .hint("The linker writes that with `--emit-relocs`: see frontend/build.rs."));
    }
    let live = file.live();
    let is_live = |symbol: &&(usize, Range<usize>)| live.contains(&Node::Data(symbol.0));
    let mut out = wasm.to_vec();
    for (_, range) in file.data.iter().filter(|symbol| !is_live(symbol)) {
        out.get_mut(range.clone()).into_iter().flatten().for_each(|byte| *byte = 0);
    }
    // Equal pieces of data may share their bytes.
    for (_, range) in file.data.iter().filter(is_live) {
        if let (Some(blanked), Some(own)) = (out.get_mut(range.clone()), wasm.get(range.clone())) {
            blanked.copy_from_slice(own);
        }
    }
    Ok(out)
}

/// What refers to something, or is referred to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Node {
    /// A function, by its index.
    Function(u32),
    /// A piece of data, by its symbol.
    Data(usize),
}

/// A file as the linker has written it. Places are offsets in the file.
#[derive(Default)]
struct File {
    /// Where each section begins.
    sections: Vec<usize>,
    /// Where the bytes of each segment of data begin.
    segments: Vec<usize>,
    /// The place of each function that is not imported, with its index.
    functions: Vec<(Range<usize>, u32)>,
    /// The number of imported functions.
    imported: u32,
    /// What each symbol is about, if it is a function or data of this file.
    symbols: Vec<Option<Node>>,
    /// The place of each piece of data, by its symbol.
    data: Vec<(usize, Range<usize>)>,
    /// What the file exports.
    roots: Vec<Node>,
    /// The functions that become traps.
    traps: BTreeSet<u32>,
    /// The relocations of each section.
    relocations: Vec<(usize, RelocationEntry)>,
}

impl File {
    fn read(wasm: &[u8]) -> Result<Self, BinaryReaderError> {
        let mut file = Self::default();
        for payload in Parser::new(0).parse_all(wasm) {
            file.add(&payload?)?;
        }
        Ok(file)
    }

    fn add(&mut self, payload: &Payload<'_>) -> Result<(), BinaryReaderError> {
        self.sections.extend(payload.as_section().map(|(_, range)| range.start));
        match payload {
            Payload::ImportSection(imports) => {
                for import in imports.clone().into_imports() {
                    self.imported += u32::from(matches!(import?.ty, TypeRef::Func(_)));
                }
            }
            Payload::ExportSection(exports) => {
                for export in exports.clone() {
                    let export = export?;
                    let is_function = export.kind == ExternalKind::Func;
                    self.roots.extend(is_function.then_some(Node::Function(export.index)));
                }
            }
            Payload::CodeSectionEntry(body) => {
                let index = self.imported + self.functions.len() as u32;
                self.functions.push((body.range(), index));
            }
            Payload::DataSection(segments) => {
                for segment in segments.clone() {
                    let segment = segment?;
                    self.segments.push(segment.range.end - segment.data.len());
                }
            }
            Payload::CustomSection(section) => match section.as_known() {
                KnownCustom::Linking(linking) => {
                    for subsection in linking.subsections() {
                        let Linking::SymbolTable(symbols) = subsection? else { continue };
                        symbols
                            .into_iter()
                            .try_for_each(|symbol| symbol.map(|symbol| self.add_symbol(&symbol)))?;
                    }
                }
                KnownCustom::Reloc(relocations) => {
                    for entry in relocations.entries() {
                        self.relocations.push((relocations.section_index() as usize, entry?));
                    }
                }
                _ => {}
            },
            _ => {}
        }
        Ok(())
    }

    fn add_symbol(&mut self, symbol: &SymbolInfo<'_>) {
        let number = self.symbols.len();
        let (node, flags) = match symbol {
            SymbolInfo::Func { flags, index, name } => {
                self.traps.extend(name.is_some_and(panics::becomes_trap).then_some(*index));
                (Node::Function(*index), flags)
            }
            SymbolInfo::Data { flags, symbol: Some(symbol), .. } => {
                let segment = self.segments.get(symbol.index as usize).copied().unwrap_or(usize::MAX);
                let start = segment.saturating_add(symbol.offset as usize);
                self.data.push((number, start..start.saturating_add(symbol.size as usize)));
                (Node::Data(number), flags)
            }
            _ => return self.symbols.push(None),
        };
        self.symbols.push(Some(node));
        let is_kept = flags.intersects(SymbolFlags::EXPORTED | SymbolFlags::NO_STRIP);
        self.roots.extend(is_kept.then_some(node));
    }

    /// What is reached from what the file exports.
    fn live(&self) -> BTreeSet<Node> {
        let references = self.references();
        let (mut live, mut next) = (BTreeSet::new(), self.roots.clone());
        while let Some(node) = next.pop() {
            if live.insert(node) {
                next.extend(references.get(&node).into_iter().flatten());
            }
        }
        live
    }

    /// What each function and each piece of data refers to.
    fn references(&self) -> BTreeMap<Node, Vec<Node>> {
        let mut references: BTreeMap<Node, Vec<Node>> = BTreeMap::new();
        for (section, entry) in &self.relocations {
            // The number of a type is no symbol.
            if entry.ty == RelocationType::TypeIndexLeb {
                continue;
            }
            let (Some(start), Some(Some(to))) =
                (self.sections.get(*section), self.symbols.get(entry.index as usize))
            else {
                continue;
            };
            for from in self.at(start + entry.offset as usize) {
                references.entry(from).or_default().push(*to);
            }
        }
        references
    }

    /// The function at a place, unless it becomes a trap, or the pieces of data there.
    fn at(&self, place: usize) -> Vec<Node> {
        let before = self.functions.partition_point(|(range, _)| range.start <= place);
        let function = before.checked_sub(1).and_then(|last| self.functions.get(last));
        if let Some((_, index)) = function.filter(|(range, _)| range.contains(&place)) {
            return (!self.traps.contains(index)).then_some(Node::Function(*index)).into_iter().collect();
        }
        let here = self.data.iter().filter(|(_, range)| range.contains(&place));
        here.map(|(symbol, _)| Node::Data(*symbol)).collect()
    }
}

#[cfg(test)]
mod tests {
    use wasm_encoder::{
        CodeSection, ConstExpr, CustomSection, DataSection, DataSymbolDefinition, ExportKind, ExportSection,
        Function, FunctionSection, LinkingSection, Module, SymbolTable, TypeSection,
    };

    use super::*;

    /// Each has a symbol, in this order; then come those of the data.
    const FUNCTIONS: [&str; 3] = ["app::start", "core::panicking::panic_fmt", "app::never"];
    const DATA: &[u8; 32] = b"Sign in>see thispanicked never..";
    /// The offset and the size of each piece of data. The last one is the end of the third one.
    const PIECES: [(u32, u32); 5] = [(0, 8), (8, 8), (16, 8), (24, 8), (20, 4)];
    const CODE_SECTION: usize = 3;
    const DATA_SECTION: usize = 4;

    /// The exported `app::start` calls `panic_fmt` and refers to the first and to the last piece of data. The first one refers to
    /// the second, `panic_fmt` to the third, and `app::never`, which nothing calls, to the fourth.
    fn references() -> [(usize, RelocationType, usize, u8); 6] {
        // The size of a function, its locals, and instructions of a byte each.
        let in_function = |index: usize, instruction: usize| 1 + index * 8 + 2 + instruction;
        let in_data = |offset: usize| 7 + offset;
        let (call, address) = (RelocationType::FunctionIndexLeb, RelocationType::MemoryAddrSleb);
        [
            (CODE_SECTION, call, in_function(0, 0), 1),
            (CODE_SECTION, address, in_function(0, 1), 3),
            (CODE_SECTION, address, in_function(0, 2), 7),
            (CODE_SECTION, address, in_function(1, 0), 5),
            (CODE_SECTION, address, in_function(2, 0), 6),
            (DATA_SECTION, RelocationType::MemoryAddrI32, in_data(4), 4),
        ]
    }

    fn linked(references: &[(usize, RelocationType, usize, u8)]) -> Vec<u8> {
        let (mut types, mut functions, mut exports) =
            (TypeSection::new(), FunctionSection::new(), ExportSection::new());
        types.ty().function([], []);
        exports.export("start", ExportKind::Func, 0);
        let (mut code, mut data, mut symbols) = (CodeSection::new(), DataSection::new(), SymbolTable::new());
        for (name, index) in FUNCTIONS.iter().zip(0..) {
            functions.function(0);
            let mut body = Function::new([]);
            body.instructions().nop().nop().nop().nop().nop().end();
            code.function(&body);
            symbols.function(SymbolTable::WASM_SYM_EXPLICIT_NAME, index, Some(name));
        }
        data.active(0, &ConstExpr::i32_const(1024), *DATA);
        for (offset, size) in PIECES {
            symbols.data(0, "data", Some(DataSymbolDefinition { index: 0, offset, size }));
        }
        let mut module = Module::new();
        module.section(&types).section(&functions).section(&exports).section(&code).section(&data);
        module.section(LinkingSection::new().symbol_table(&symbols));
        for section in [CODE_SECTION, DATA_SECTION] {
            let own: Vec<_> = references.iter().filter(|reference| reference.0 == section).collect();
            let mut bytes = vec![section as u8, own.len() as u8];
            for (_, kind, offset, symbol) in own {
                bytes.extend([*kind as u8, *offset as u8, *symbol]);
                // An address has an addend.
                bytes.extend((*kind != RelocationType::FunctionIndexLeb).then_some(0));
            }
            module.section(&CustomSection { name: format!("reloc.{section}").into(), data: bytes.into() });
        }
        module.finish()
    }

    #[test]
    fn data_that_nothing_or_only_a_trap_reaches_is_blanked() {
        let wasm = linked(&references());
        let blanked = blanked(&wasm).unwrap();
        assert_eq!(blanked.len(), wasm.len());
        let start = wasm.windows(DATA.len()).position(|bytes| bytes == DATA).unwrap();
        let data = &blanked[start..start + DATA.len()];
        assert_eq!(data, b"Sign in>see this\0\0\0\0cked\0\0\0\0\0\0\0\0");
        assert_eq!(
            (&blanked[..start], &blanked[start + DATA.len()..]),
            (&wasm[..start], &wasm[start + DATA.len()..])
        );
    }

    #[test]
    fn a_file_without_relocations_fails_the_build() {
        assert!(blanked(&linked(&[])).unwrap_err().to_string().contains("refers to what"));
        assert!(blanked(b"not WebAssembly").is_err());
    }
}
