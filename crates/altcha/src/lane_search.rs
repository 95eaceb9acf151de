//! The search of one hash function: consecutive numbers lie in the lanes, and each step hashes one number in each lane.

use std::fmt;

/// The state of a search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SearchState {
    /// This number fits.
    Found(u32),
    /// The next numbers are to be tried.
    Searching,
    /// No number up to the bound fits.
    Exhausted,
}

/// A hash function that hashes one block in each of `LANES` lanes. A block has `BLOCK` bytes.
pub(crate) trait LaneHash<const LANES: usize, const BLOCK: usize> {
    /// A word of the hash.
    type Word;
    /// The hash in each lane.
    type State: Copy;

    /// The state in which each lane starts with this hash.
    fn start(initial: &[Self::Word; 8]) -> Self::State;

    /// The state after one more block in each lane.
    fn compress(state: &Self::State, blocks: &[[u8; BLOCK]; LANES]) -> Self::State;

    /// The first of these many lanes whose hash starts with `challenge`.
    fn lane_with(state: &Self::State, challenge: &[Self::Word], lanes: usize) -> Option<usize>;
}

/// A search from 0 upwards.
pub(crate) struct LaneSearch<H: LaneHash<LANES, BLOCK>, const LANES: usize, const BLOCK: usize> {
    /// The state after the blocks that the salt fills, which is the same for all numbers.
    salted: H::State,
    /// The rest of the salt.
    salt_rest: Vec<u8>,
    salt_length: usize,
    challenge: Vec<H::Word>,
    max_number: u64,
    /// The number in the first lane.
    number: u64,
    /// The largest number with as many digits as the lanes have room for.
    max_in_layout: u64,
    /// The rest of the salt, the number and the padding in each lane: one block or two.
    blocks: [[[u8; BLOCK]; LANES]; 2],
    block_count: usize,
    /// Where the number ends.
    digits_end: usize,
}

impl<H: LaneHash<LANES, BLOCK>, const LANES: usize, const BLOCK: usize> LaneSearch<H, LANES, BLOCK> {
    pub(crate) fn new(initial: [H::Word; 8], salt: &[u8], challenge: Vec<H::Word>, max_number: u64) -> Self {
        let (full, rest) = salt.as_chunks::<BLOCK>();
        let salted =
            full.iter().fold(H::start(&initial), |state, block| H::compress(&state, &[*block; LANES]));
        let mut search = Self {
            salted,
            salt_rest: rest.to_vec(),
            salt_length: salt.len(),
            challenge,
            max_number,
            number: 0,
            max_in_layout: 9,
            blocks: [[[0; BLOCK]; LANES]; 2],
            block_count: 1,
            digits_end: 0,
        };
        search.lay_out(1);
        search
    }

    /// Tries the next `count` numbers, rounded up to full lanes.
    pub(crate) fn advance(&mut self, count: u32) -> SearchState {
        for _ in (0..count).step_by(LANES) {
            match self.step() {
                SearchState::Searching => {}
                ended => return ended,
            }
        }
        SearchState::Searching
    }

    /// Tries one number in each lane, but none past the bound or with more digits than there is room for.
    fn step(&mut self) -> SearchState {
        if self.number > self.max_number {
            return SearchState::Exhausted;
        }
        let blocks = self.blocks.iter().take(self.block_count);
        let hashes = blocks.fold(self.salted, |state, block| H::compress(&state, block));
        let left = self.max_number.min(self.max_in_layout) - self.number;
        let lanes = usize::try_from(left).map_or(LANES, |left| LANES.min(left + 1));
        if let Some(lane) = H::lane_with(&hashes, &self.challenge, lanes) {
            return u32::try_from(self.number + lane as u64)
                .map_or(SearchState::Exhausted, SearchState::Found);
        }
        self.number += lanes as u64;
        if self.number > self.max_in_layout {
            self.max_in_layout = self.max_in_layout * 10 + 9;
            self.lay_out(self.digits_end - self.salt_rest.len() + 1);
        } else {
            self.count_up();
        }
        SearchState::Searching
    }

    /// Writes the lanes anew, for numbers with `digits` digits.
    fn lay_out(&mut self, digits: usize) {
        const LONGEST_PADDING: usize = 1;
        self.digits_end = self.salt_rest.len() + digits;
        // The length of the message takes an eighth of a block.
        let is_one_block = self.digits_end + LONGEST_PADDING + BLOCK / 8 <= BLOCK;
        self.block_count = if is_one_block { 1 } else { 2 };
        let end = self.block_count * BLOCK;
        let bits = (self.salt_length as u64 + digits as u64) * 8;
        for lane in 0..LANES {
            let mut message = vec![0; end];
            let mut rest = self.number + lane as u64;
            for (byte, salt) in message.iter_mut().zip(&self.salt_rest) {
                *byte = *salt;
            }
            for digit in message.iter_mut().take(self.digits_end).rev().take(digits) {
                *digit = b'0' + (rest % 10) as u8;
                rest /= 10;
            }
            if let Some(byte) = message.get_mut(self.digits_end) {
                *byte = 0x80;
            }
            for (byte, length) in message.iter_mut().rev().zip(bits.to_le_bytes()) {
                *byte = length;
            }
            let written = message.as_chunks::<BLOCK>().0;
            for (block, written) in self.blocks.iter_mut().zip(written) {
                if let Some(block) = block.get_mut(lane) {
                    *block = *written;
                }
            }
        }
    }

    /// Adds the number of lanes to the digits in each lane.
    fn count_up(&mut self) {
        for lane in 0..LANES {
            let mut carry = LANES as u8;
            for at in (self.salt_rest.len()..self.digits_end).rev() {
                let block = self.blocks.get_mut(at / BLOCK).and_then(|block| block.get_mut(lane));
                let Some(digit) = block.and_then(|block| block.get_mut(at % BLOCK)) else { break };
                *digit += carry;
                if *digit <= b'9' {
                    break;
                }
                *digit -= 10;
                carry = 1;
            }
        }
    }
}

impl<H: LaneHash<LANES, BLOCK>, const LANES: usize, const BLOCK: usize> fmt::Debug
    for LaneSearch<H, LANES, BLOCK>
{
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("LaneSearch").field("number", &self.number).finish_non_exhaustive()
    }
}
