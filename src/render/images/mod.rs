//! Images: what an original is, its pixels, and what is made of them. Pure: the same bytes and the same cut give the same
//! bytes. What comes out holds pixels alone: no place, no camera, no name, no colour profile.

mod blocks;
mod decode;
mod look;
mod make;

pub use blocks::bare_gif;
pub use decode::decode;
pub use look::look;
pub use make::make;
