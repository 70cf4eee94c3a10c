//! The Amazon States Language: typed model, reader with places, writer, checks with codes.
