//! What every store must do.

use sfn_engine::Timestamp;
use sfn_engine::store::{Closed, Error, FileStore, Kept, Label, MemoryStore, Place, Store};

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
fn kept(store: &dyn Store) -> (Vec<String>, Vec<(Label, Place)>) {
    let (mut frames, mut labels) = (Vec::new(), Vec::new());
    let load = store.load(&mut |kept| {
        match kept {
            Kept::Frame(frame) => frames.push(frame.to_owned()),
            Kept::Closed(label, place) => labels.push((label, place)),
        }
        Ok(())
    });
    load.expect("it can be read");
    (frames, labels)
}

fn label(ended: i64) -> Label {
    std::array::from_fn(|index| u64::MAX - index as u64 * ended.cast_unsigned())
}

fn closed(name: &str, ended: i64) -> Closed {
    Closed {
        label: label(ended),
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

#[track_caller]
fn check_texts(store: &dyn Store, places: &[Place], names: &[&str]) {
    let heads = store.heads(places).expect("they are there");
    assert_eq!(
        heads,
        names
            .iter()
            .map(|name| format!("\"head of {name}\""))
            .collect::<Vec<_>>()
    );
    for (place, name) in places.iter().zip(names) {
        let body = store.read(*place).expect("it is there");
        assert_eq!(body, format!("{{\"body\":\"{name}\"}}"));
    }
}

#[test]
fn archived_executions_are_read_by_their_place() {
    each_store(|open| {
        let store = open();
        let mut places = store
            .archive(&[closed("a", 1), closed("b", 2)])
            .expect("it writes");
        places.extend(store.archive(&[closed("c", 3)]).expect("it writes"));
        check_texts(&*store, &places, &["a", "b", "c"]);
        drop(store);
        for more in ["d", "e"] {
            let store = open();
            let (frames, labels) = kept(&*store);
            assert_eq!(frames.len(), 0);
            let found: Vec<Label> = labels.iter().take(3).map(|(label, _)| *label).collect();
            assert_eq!(found, [label(1), label(2), label(3)]);
            let mut places: Vec<Place> = labels.iter().take(3).map(|(_, place)| *place).collect();
            check_texts(&*store, &places, &["a", "b", "c"]);
            places.reverse();
            places.extend(store.archive(&[closed(more, 4)]).expect("it writes"));
            check_texts(&*store, &places, &["c", "b", "a", more]);
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
