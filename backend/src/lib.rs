//! The sign-in server: sessions in front of the Identity Engine.
