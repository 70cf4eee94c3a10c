//! What steps did is taken back: in bodies and in pipelines, given what the step returned, what it took, or both.

use sfn_runtime::{
    Payload, StepError, Workflow, bail, service::ExecutionStatus, state_machine, step,
    testing::Test, workflow,
};

use crate::steps::Log;

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, StepError)]
enum TripError {
    #[error("no {0} is left")]
    #[step_error(data)]
    None(String),
    #[error("too far")]
    TooFar,
}

#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize, Payload)]
struct Trip {
    name: String,
    fails_at: String,
    by_car: bool,
}

fn trip(fails_at: &str, by_car: bool) -> Trip {
    Trip {
        name: "t".to_owned(),
        fails_at: fails_at.to_owned(),
        by_car,
    }
}

fn book(log: &Log, what: &str, trip: &Trip) -> Result<String, TripError> {
    log.note(format!("book {what}"));
    match trip.fails_at == what {
        true => Err(TripError::None(what.to_owned())),
        false => Ok(format!("{what} of {}", trip.name)),
    }
}

#[step(undo = cancel_room)]
async fn book_room(trip: &Trip, #[inject] log: Log) -> Result<String, TripError> {
    book(&log, "room", trip)
}

#[step]
async fn cancel_room(room: String, #[inject] log: Log) {
    log.note(format!("cancel {room}"));
}

#[step(undo = cancel_car(input))]
async fn book_car(trip: &Trip, days: i64, #[inject] log: Log) -> Result<String, TripError> {
    book(&log, &format!("car{days}"), trip)
}

#[step]
async fn cancel_car(trip: Trip, days: i64, #[inject] log: Log) {
    log.note(format!("cancel car{days} for {}", trip.name));
}

#[step(undo = cancel_train(input, output))]
async fn book_train(trip: Trip, #[inject] log: Log) -> Result<String, TripError> {
    book(&log, "train", &trip)
}

#[step(name = "refund train")]
async fn cancel_train(trip: Trip, train: String, #[inject] log: Log) {
    log.note(format!("cancel {train} for {}", trip.name));
}

#[step]
async fn go(trip: &Trip, #[inject] log: Log) -> Result<String, TripError> {
    book(&log, "go", trip)
}

#[state_machine]
async fn travels(trip: Trip) -> Result<String, TripError> {
    let room = book_room(&trip).await?;
    let way = if trip.by_car {
        book_car(&trip, 3).await?
    } else {
        book_train(trip.clone()).await?
    };
    if trip.fails_at == "far" {
        bail!(TripError::TooFar);
    }
    let gone = go(&trip).await?;
    Ok(format!("{room}, {way}, {gone}"))
}

async fn check<O: Payload>(
    workflow: &Workflow<Trip, O>,
    input: Trip,
    ends: Result<(), &str>,
    calls: &[&str],
) {
    let log = Log::default();
    let test = Test::new().await;
    test.provide(log.clone());
    let execution = test.run(workflow, input).await;
    let ended = match execution.status() {
        ExecutionStatus::Succeeded => Ok(()),
        _ => Err(execution.failure().error),
    };
    assert_eq!(
        ended,
        ends.map_err(str::to_owned),
        "{}\n{}",
        workflow.name(),
        execution.story()
    );
    assert_eq!(log.calls(), calls, "{}", execution.story());
}

#[tokio::test]
async fn of_a_body() {
    check(
        &travels::WORKFLOW,
        trip("", true),
        Ok(()),
        &["book room", "book car3", "book go"],
    )
    .await;
    check(
        &travels::WORKFLOW,
        trip("room", true),
        Err("TripError.None"),
        &["book room"],
    )
    .await;
    check(
        &travels::WORKFLOW,
        trip("go", true),
        Err("TripError.None"),
        &[
            "book room",
            "book car3",
            "book go",
            "cancel car3 for t",
            "cancel room of t",
        ],
    )
    .await;
    check(
        &travels::WORKFLOW,
        trip("far", false),
        Err("TripError.TooFar"),
        &[
            "book room",
            "book train",
            "cancel train of t for t",
            "cancel room of t",
        ],
    )
    .await;
}

#[step]
async fn with_days(trip: Trip, #[inject] log: Log) -> (Trip, i64) {
    log.note("with_days".to_owned());
    (trip, 2)
}

#[step]
async fn back_to_trip(name: String) -> Trip {
    trip(&name, true)
}

static BY_ROOM: Workflow<Trip, Trip> = workflow!(
    name = "by-room",
    input = Trip,
    book_room,
    back_to_trip,
    go,
    back_to_trip.named("back again")
);

static BY_CAR: Workflow<Trip, String> = workflow!(
    name = "by-car",
    input = Trip,
    with_days,
    book_car.catch(on(TripError::None), fail("NoCar", "walk")),
    fail_late,
);

#[step]
async fn fail_late(car: String, #[inject] log: Log) -> Result<String, TripError> {
    log.note(format!("drive {car}"));
    Err(TripError::TooFar)
}

static PERHAPS: Workflow<Trip, String> = workflow!(
    name = "perhaps",
    choose(|trip: &Trip| if trip.by_car {
        (with_days.named("days"), book_car.named("car"))
    } else {
        book_train
    }),
    fail_late
        .named("late")
        .catch(on(TripError::None), pass(|caught| caught.input)),
    choose(|it| if it.is_empty() {
        fail("Empty")
    }),
);

static ENDS: Workflow<Trip, String> = workflow!(
    name = "ends",
    input = Trip,
    book_train.named("by train"),
    choose(|it| if it == "train of t" {
        fail("NoMood", "we stay")
    }),
);

#[tokio::test]
async fn of_a_pipeline() {
    check(
        &BY_CAR,
        trip("", true),
        Err("TripError.TooFar"),
        &[
            "with_days",
            "book car2",
            "drive car2 of t",
            "cancel car2 for t",
        ],
    )
    .await;
    check(
        &BY_CAR,
        trip("car2", true),
        Err("NoCar"),
        &["with_days", "book car2"],
    )
    .await;
    check(
        &PERHAPS,
        trip("", true),
        Err("TripError.TooFar"),
        &[
            "with_days",
            "book car2",
            "drive car2 of t",
            "cancel car2 for t",
        ],
    )
    .await;
    check(
        &PERHAPS,
        trip("", false),
        Err("TripError.TooFar"),
        &["book train", "drive train of t", "cancel train of t for t"],
    )
    .await;
    check(
        &ENDS,
        trip("", false),
        Err("NoMood"),
        &["book train", "cancel train of t for t"],
    )
    .await;
    // The trip that comes of it is named `room of t`, at which nothing fails.
    check(&BY_ROOM, trip("", true), Ok(()), &["book room", "book go"]).await;
}

static WITHIN: Workflow<Trip, (String, String)> = workflow!(
    name = "within",
    input = Trip,
    parallel(book_room.named("room"), go.named("go there")),
);

#[test]
fn not_within_branches() {
    let error = WITHIN
        .definition()
        .compile(&sfn_runtime::flow::SamplePlaces::new("tests"))
        .expect_err("nobody could take it back")
        .to_string();
    assert!(error.contains("`book_room` has an `undo`"), "{error}");
}
