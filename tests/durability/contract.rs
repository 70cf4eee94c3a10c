//! What every store must do.

use sfn_engine::Timestamp;
use sfn_engine::store::{Closed, Error, FileStore, Kept, MemoryStore, Place, Store};

use crate::Folder;
use crate::doubles::{Fault, Faulty};

/// Runs a check on each kind of store. The check gets a way to open the store: again and again, with what it has kept.
#[track_caller]
fn each_store(check: impl Fn(&dyn Fn() -> Box<dyn Store>)) {
    let memory = MemoryStore::new();
    check(&|| Box::new(memory.clone()));
    let folder = Folder::new();
    check(&|| Box::new(FileStore::open(&folder.0).expect("it opens")));
    let folder = Folder::new();
    check(&|| {
        let sound = usize::MAX - 1;
        Box::new(Faulty::open(folder.0.clone(), Fault::Fails, sound))
    });
}

/// All that a store has kept.
fn kept(store: &dyn Store) -> (Vec<String>, Vec<(String, Place)>) {
    let (mut frames, mut heads) = (Vec::new(), Vec::new());
    let load = store.load(&mut |kept| {
        match kept {
            Kept::Frame(frame) => frames.push(frame.to_owned()),
            Kept::Head(head, place) => heads.push((head.to_owned(), place)),
        }
        Ok(())
    });
    load.expect("it can be read");
    (frames, heads)
}

fn closed(name: &str, ended: i64) -> Closed {
    Closed {
        head: format!("\"head of {name}\""),
        body: format!("{{\"body\":\"{name}\"}}"),
        ended: Timestamp::from_millis(ended),
    }
}

#[test]
fn frames_come_back_in_order() {
    each_store(|open| {
        let store = open();
        assert_eq!(kept(&*store).0.len(), 0, "a new store is empty");
        store.append("1,2").expect("it writes");
        store.append("{\"a\":\"b c\\n\"}").expect("it writes");
        drop(store);
        let store = open();
        assert_eq!(kept(&*store).0, ["[1,2]", "[{\"a\":\"b c\\n\"}]"]);
        store.append("3").expect("it writes");
        drop(store);
        assert_eq!(kept(&*open()).0.last().map(String::as_str), Some("[3]"));
    });
}

#[test]
fn the_size_of_a_segment_grows_until_the_next_one_begins() {
    each_store(|open| {
        let store = open();
        let one = store.append("1").expect("it writes");
        let two = store.append("2").expect("it writes");
        assert!(two > one && one > 0);
        store.rotate().expect("it begins another");
        let three = store.append("3").expect("it writes");
        assert!(three < two);
    });
}

#[test]
fn old_segments_are_forgotten_and_younger_ones_kept() {
    each_store(|open| {
        let store = open();
        store.append("1").expect("it writes");
        let second = store.rotate().expect("it begins another");
        store.append("2").expect("it writes");
        let third = store.rotate().expect("it begins another");
        assert!(third > second);
        store.append("3").expect("it writes");
        store.forget_before(second).expect("it removes");
        drop(store);
        let store = open();
        assert_eq!(kept(&*store).0, ["[2]", "[3]"]);
        store.forget_before(third).expect("it removes");
        drop(store);
        let store = open();
        assert_eq!(kept(&*store).0, ["[3]"]);
        assert!(store.rotate().expect("it begins another") > third);
    });
}

#[test]
fn archived_bodies_are_read_by_their_place() {
    each_store(|open| {
        let store = open();
        let mut places = store
            .archive(&[closed("a", 1), closed("b", 2)])
            .expect("it writes");
        places.extend(store.archive(&[closed("c", 3)]).expect("it writes"));
        for (place, name) in places.iter().zip(["a", "b", "c"]) {
            let body = store.read(*place).expect("it is there");
            assert_eq!(body, format!("{{\"body\":\"{name}\"}}"));
        }
        drop(store);
        let store = open();
        let (frames, heads) = kept(&*store);
        assert_eq!(frames.len(), 0);
        let names: Vec<&str> = heads.iter().map(|(head, _)| head.as_str()).collect();
        assert_eq!(names, ["\"head of a\"", "\"head of b\"", "\"head of c\""]);
        for ((_, place), name) in heads.iter().zip(["a", "b", "c"]) {
            let body = store.read(*place).expect("it is there");
            assert_eq!(body, format!("{{\"body\":\"{name}\"}}"));
        }
    });
}

#[test]
fn parts_count_what_they_hold_and_are_forgotten_as_a_whole() {
    each_store(|open| {
        let store = open();
        let places = store
            .archive(&[closed("a", 5), closed("b", 2)])
            .expect("it writes");
        drop(store);
        let store = open();
        kept(&*store);
        let parts = store.parts();
        assert_eq!(parts.len(), 1);
        assert_eq!(
            (parts[0].count, parts[0].last),
            (2, Timestamp::from_millis(5))
        );
        assert!(parts[0].bytes > 30);
        store.forget_part(parts[0].number).expect("it removes");
        assert_eq!(store.parts(), []);
        store.read(places[0]).expect_err("it is gone");
        drop(store);
        assert_eq!(kept(&*open()).1, []);
    });
}

#[test]
fn what_the_reader_refuses_ends_the_reading() {
    each_store(|open| {
        let store = open();
        store.append("1").expect("it writes");
        store.append("2").expect("it writes");
        let mut seen = 0;
        let refused = store.load(&mut |_| {
            seen += 1;
            Err(Error::Corrupt("no".to_owned()))
        });
        refused.expect_err("it is refused");
        assert_eq!(seen, 1);
    });
}
