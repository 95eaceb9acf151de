//! Vectors of words, one word in each lane: WebAssembly's vectors in the browser, arrays elsewhere.

#[cfg(not(target_arch = "wasm32"))]
pub(crate) use arrays::{Lanes32, Lanes64};
#[cfg(target_arch = "wasm32")]
pub(crate) use vectors::{Lanes32, Lanes64};

/// On WebAssembly a function with a target feature is safe to call from any other.
#[cfg(target_arch = "wasm32")]
mod vectors {
    use core::arch::wasm32::{
        u32x4, u32x4_add, u32x4_extract_lane, u32x4_shl, u32x4_shr, u32x4_splat, u64x2, u64x2_add,
        u64x2_extract_lane, u64x2_shl, u64x2_shr, u64x2_splat, v128, v128_and, v128_or, v128_xor,
    };

    /// Words of 32 bits.
    #[derive(Clone, Copy)]
    pub(crate) struct Lanes32(v128);

    /// Words of 64 bits.
    #[derive(Clone, Copy)]
    pub(crate) struct Lanes64(v128);

    macro_rules! lanes {
        (
            $name:ident, $word:ty, $count:literal, [$($lane:literal)*],
            $new:ident, $splat:ident, $add:ident, $shl:ident, $shr:ident, $extract:ident
        ) => {
            impl $name {
                #[inline]
                #[target_feature(enable = "simd128")]
                pub(crate) fn new(words: [$word; $count]) -> Self {
                    Self($new($(words[$lane]),*))
                }

                #[inline]
                #[target_feature(enable = "simd128")]
                pub(crate) fn splat(word: $word) -> Self {
                    Self($splat(word))
                }

                #[inline]
                #[target_feature(enable = "simd128")]
                pub(crate) fn words(self) -> [$word; $count] {
                    [$($extract::<$lane>(self.0)),*]
                }

                #[inline]
                #[target_feature(enable = "simd128")]
                pub(crate) fn add(self, other: Self) -> Self {
                    Self($add(self.0, other.0))
                }

                #[inline]
                #[target_feature(enable = "simd128")]
                pub(crate) fn xor(self, other: Self) -> Self {
                    Self(v128_xor(self.0, other.0))
                }

                #[inline]
                #[target_feature(enable = "simd128")]
                pub(crate) fn and(self, other: Self) -> Self {
                    Self(v128_and(self.0, other.0))
                }

                #[inline]
                #[target_feature(enable = "simd128")]
                pub(crate) fn or(self, other: Self) -> Self {
                    Self(v128_or(self.0, other.0))
                }

                #[inline]
                #[target_feature(enable = "simd128")]
                pub(crate) fn shift_right(self, bits: u32) -> Self {
                    Self($shr(self.0, bits))
                }

                #[inline]
                #[target_feature(enable = "simd128")]
                pub(crate) fn rotate_right(self, bits: u32) -> Self {
                    Self(v128_or($shr(self.0, bits), $shl(self.0, <$word>::BITS - bits)))
                }
            }
        };
    }

    lanes!(
        Lanes32, u32, 4, [0 1 2 3],
        u32x4, u32x4_splat, u32x4_add, u32x4_shl, u32x4_shr, u32x4_extract_lane
    );
    lanes!(
        Lanes64, u64, 2, [0 1],
        u64x2, u64x2_splat, u64x2_add, u64x2_shl, u64x2_shr, u64x2_extract_lane
    );
}

#[cfg(not(target_arch = "wasm32"))]
mod arrays {
    /// Words of 32 bits.
    #[derive(Clone, Copy)]
    pub(crate) struct Lanes32([u32; 4]);

    /// Words of 64 bits.
    #[derive(Clone, Copy)]
    pub(crate) struct Lanes64([u64; 2]);

    macro_rules! lanes {
        ($name:ident, $word:ty, $count:literal) => {
            impl $name {
                pub(crate) fn new(words: [$word; $count]) -> Self {
                    Self(words)
                }

                pub(crate) fn splat(word: $word) -> Self {
                    Self([word; $count])
                }

                pub(crate) fn words(self) -> [$word; $count] {
                    self.0
                }

                pub(crate) fn add(self, other: Self) -> Self {
                    self.zip(other, <$word>::wrapping_add)
                }

                pub(crate) fn xor(self, other: Self) -> Self {
                    self.zip(other, |a, b| a ^ b)
                }

                pub(crate) fn and(self, other: Self) -> Self {
                    self.zip(other, |a, b| a & b)
                }

                pub(crate) fn or(self, other: Self) -> Self {
                    self.zip(other, |a, b| a | b)
                }

                pub(crate) fn shift_right(self, bits: u32) -> Self {
                    Self(self.0.map(|word| word >> bits))
                }

                pub(crate) fn rotate_right(self, bits: u32) -> Self {
                    Self(self.0.map(|word| word.rotate_right(bits)))
                }

                fn zip(mut self, other: Self, operation: fn($word, $word) -> $word) -> Self {
                    for (word, other) in self.0.iter_mut().zip(other.0) {
                        *word = operation(*word, other);
                    }
                    self
                }
            }
        };
    }

    lanes!(Lanes32, u32, 4);
    lanes!(Lanes64, u64, 2);
}
