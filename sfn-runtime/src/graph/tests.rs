//! The pictures of a machine with every type of state.

use expect_test::{Expect, expect};
use sfn_asl::{
    Catcher, Choice, ChoiceRule, Fail, Flow, Map, Parallel, Retrier, State, StateMachine, Succeed,
    Task, Transition, Wait,
};

use super::{EdgeKind, Graph, Scope};
use crate::view::Progress;

fn task(next: &str) -> State {
    let transition = match next {
        "" => Transition::End,
        next => Transition::Next(next.to_owned()),
    };
    Task {
        transition,
        ..Task::new("arn:aws:states:eu-west-1:123456789012:activity:a")
    }
    .into()
}

/// From dough to table, with a way back and an error that is caught.
pub(crate) fn kitchen() -> StateMachine {
    let branch = |name: &str| Flow::starting_at(name).state(name, task(""));
    let each = Map {
        max_concurrency: Some(2.into()),
        ..Map::of(branch("prepare"))
    };
    let items = Flow::starting_at("Each ingredient").state("Each ingredient", each);
    let bake = Task {
        retry: vec![Retrier {
            max_attempts: Some(5),
            ..Retrier::on(["Oven.Busy"])
        }],
        catch: vec![Catcher::on(["States.ALL"], "Apologise")],
        ..Task::new("arn:aws:states:eu-west-1:123456789012:activity:bake")
    };
    let choice = Choice {
        choices: vec![
            ChoiceRule::when(
                "{% $states.input.size > 3 and $states.input.kind = 'large' %}",
                "Rest",
            ),
            ChoiceRule::when("{% $states.input.celsius < 200 %}", "bake"),
        ],
        default: Some("Done".to_owned()),
    };
    StateMachine::new(
        Flow::starting_at("Base")
            .state(
                "Base",
                Parallel::of([branch("dough"), branch("sauce"), items]).then("bake"),
            )
            .state(
                "bake",
                bake.then("Fit to \"serve\"?").comment("In the stone oven."),
            )
            .state("Fit to \"serve\"?", choice)
            .state("Rest", Wait::seconds(150).then("Done"))
            .state("Done", Succeed)
            .state("Apologise", Fail::with("NoPizza", "the oven is cold")),
    )
}

#[track_caller]
fn check(picture: &str, expected: Expect) {
    expected.assert_eq(picture);
}

#[test]
fn a_machine_is_read_with_its_ways_and_notes() {
    fn write(scope: &Scope, depth: usize, text: &mut String) {
        for node in &scope.nodes {
            text.push_str(&format!(
                "{:depth$}{} {} {:?}{}\n",
                "",
                node.kind,
                node.name,
                node.notes,
                if node.ends { " end" } else { "" }
            ));
            for inner in &node.inner {
                write(inner, depth + 2, text);
            }
        }
        for edge in &scope.edges {
            let mark = if edge.kind == EdgeKind::Catch {
                "~>"
            } else {
                "->"
            };
            text.push_str(&format!(
                "{:depth$}{} {mark} {} {}\n",
                "",
                scope.nodes[edge.from].name,
                scope.nodes[edge.to].name,
                edge.label.as_deref().unwrap_or("")
            ));
        }
    }
    let mut text = String::new();
    write(&Graph::of("kitchen", &kitchen()).scope, 0, &mut text);
    check(
        &text,
        expect![[r#"
        Parallel Base []
          Task dough [] end
          Task sauce [] end
          Map Each ingredient ["at most 2 at once"] end
            Task prepare [] end
        Task bake ["retry 5× on Oven.Busy"]
        Choice Fit to "serve"? []
        Wait Rest ["2m 30s"]
        Succeed Done []
        Fail Apologise ["NoPizza"]
        Base -> bake 
        bake -> Fit to "serve"? 
        bake ~> Apologise any error
        Fit to "serve"? -> Rest size > 3 and kind = 'large'
        Fit to "serve"? -> bake celsius < 200
        Fit to "serve"? -> Done otherwise
        Rest -> Done 
    "#]],
    );
}

#[test]
fn mermaid() {
    check(
        &Graph::of("kitchen", &kitchen()).mermaid(None),
        expect![[r#"
            flowchart TD
                start((" "))
                subgraph s0["Base"]
                    direction TB
                    s1["dough"]
                    s2["sauce"]
                    subgraph s3["Each ingredient<br/><small>at most 2 at once</small>"]
                        direction TB
                        s4["prepare"]
                    end
                end
                s5["bake<br/><small>retry 5× on Oven.Busy</small>"]
                s6{{"Fit to &quot;serve&quot;?"}}
                s7(["Rest<br/><small>2m 30s</small>"])
                s8("Done")
                s9("Apologise<br/><small>NoPizza</small>")
                s0 --> s5
                s5 --> s6
                s5 -.->|"any error"| s9
                s6 -->|"size &gt; 3 and kind = 'large'"| s7
                s6 -->|"celsius &lt; 200"| s5
                s6 -->|"otherwise"| s8
                s7 --> s8
                start --> s0
                classDef frame fill:none,stroke:#9ca3af
                class s3,s0 frame
        "#]],
    );
}

#[test]
fn mermaid_of_a_run_has_its_colours() {
    let run = Progress::replay(&crate::view::history_of_a_bad_evening());
    check(
        &Graph::of("kitchen", &kitchen()).mermaid(Some(&run)),
        expect![[r#"
            flowchart TD
                start((" "))
                subgraph s0["Base"]
                    direction TB
                    s1["dough"]:::ok
                    s2["sauce"]:::ok
                    subgraph s3["Each ingredient<br/><small>at most 2 at once</small><br/><small>2/2 items</small>"]
                        direction TB
                        s4["prepare"]:::ok
                    end
                end
                s5["bake<br/><small>retry 5× on Oven.Busy</small><br/><small>Oven.Cold, 2 attempts</small>"]:::caught
                s6{{"Fit to &quot;serve&quot;?"}}:::idle
                s7(["Rest<br/><small>2m 30s</small>"]):::idle
                s8("Done"):::idle
                s9("Apologise<br/><small>NoPizza</small>"):::failed
                s0 --> s5
                s5 --> s6
                s5 -.->|"any error"| s9
                s6 -->|"size &gt; 3 and kind = 'large'"| s7
                s6 -->|"celsius &lt; 200"| s5
                s6 -->|"otherwise"| s8
                s7 --> s8
                start --> s0
                classDef idle fill:#ffffff,stroke:#6b7280,color:#111827
                classDef running fill:#dbeafe,stroke:#2563eb,color:#111827
                classDef ok fill:#dcfce7,stroke:#16a34a,color:#111827
                classDef failed fill:#fee2e2,stroke:#dc2626,color:#111827
                classDef caught fill:#ffedd5,stroke:#ea580c,color:#111827
                class s3 ok
                class s0 ok
        "#]],
    );
}

#[test]
fn dot() {
    check(
        &Graph::of("kitchen", &kitchen()).dot(None),
        expect![[r#"
        digraph "kitchen" {
          compound=true; rankdir=TB; fontname="sans-serif";
          node [shape=box style="rounded,filled" fillcolor=white fontname="sans-serif"];
          edge [fontname="sans-serif" fontsize=10];
          subgraph cluster_s0 {
            label="Base"; style=rounded;
            s1 [label="dough"];
            s2 [label="sauce"];
            subgraph cluster_s3 {
              label="Each ingredient\nat most 2 at once"; style=rounded;
              s4 [label="prepare"];
            }
          }
          s5 [label="bake\nretry 5× on Oven.Busy"];
          s6 [label="Fit to \"serve\"?" shape=hexagon style=filled];
          s7 [label="Rest\n2m 30s" shape=oval];
          s8 [label="Done"];
          s9 [label="Apologise\nNoPizza"];
          s1 -> s5 [ltail=cluster_s0];
          s5 -> s6;
          s5 -> s9 [label="any error" style=dashed];
          s6 -> s7 [label="size > 3 and kind = 'large'"];
          s6 -> s5 [label="celsius < 200"];
          s6 -> s8 [label="otherwise"];
          s7 -> s8;
          start [shape=circle label="" width=0.2 fillcolor=black];
          start -> s1 [lhead=cluster_s0];
        }
    "#]],
    );
}

#[test]
fn dot_of_a_run_has_its_colours() {
    let run = Progress::replay(&crate::view::history_of_a_bad_evening());
    check(
        &Graph::of("kitchen", &kitchen()).dot(Some(&run)),
        expect![[r##"
            digraph "kitchen" {
              compound=true; rankdir=TB; fontname="sans-serif";
              node [shape=box style="rounded,filled" fillcolor=white fontname="sans-serif"];
              edge [fontname="sans-serif" fontsize=10];
              subgraph cluster_s0 {
                label="Base"; style=rounded;
                bgcolor="#dcfce7"; color="#16a34a";
                s1 [label="dough" fillcolor="#dcfce7" color="#16a34a"];
                s2 [label="sauce" fillcolor="#dcfce7" color="#16a34a"];
                subgraph cluster_s3 {
                  label="Each ingredient\nat most 2 at once\n2/2 items"; style=rounded;
                  bgcolor="#dcfce7"; color="#16a34a";
                  s4 [label="prepare" fillcolor="#dcfce7" color="#16a34a"];
                }
              }
              s5 [label="bake\nretry 5× on Oven.Busy\nOven.Cold, 2 attempts" fillcolor="#ffedd5" color="#ea580c"];
              s6 [label="Fit to \"serve\"?" shape=hexagon style=filled fillcolor="#ffffff" color="#6b7280"];
              s7 [label="Rest\n2m 30s" shape=oval fillcolor="#ffffff" color="#6b7280"];
              s8 [label="Done" fillcolor="#ffffff" color="#6b7280"];
              s9 [label="Apologise\nNoPizza" fillcolor="#fee2e2" color="#dc2626"];
              s1 -> s5 [ltail=cluster_s0];
              s5 -> s6;
              s5 -> s9 [label="any error" style=dashed];
              s6 -> s7 [label="size > 3 and kind = 'large'"];
              s6 -> s5 [label="celsius < 200"];
              s6 -> s8 [label="otherwise"];
              s7 -> s8;
              start [shape=circle label="" width=0.2 fillcolor=black];
              start -> s1 [lhead=cluster_s0];
            }
        "##]],
    );
}

#[test]
fn svg() {
    let run = Progress::replay(&crate::view::history_of_a_bad_evening());
    let graph = Graph::of("kitchen", &kitchen());
    expect_test::expect_file!["tests/kitchen.svg"].assert_eq(&graph.svg(None));
    expect_test::expect_file!["tests/bad-evening.svg"].assert_eq(&graph.svg(Some(&run)));
}

#[test]
fn a_machine_without_states_is_an_empty_picture() {
    let graph = Graph::of("nothing", &StateMachine::default());
    assert!(graph.svg(None).ends_with("</svg>\n"));
    check(
        &graph.mermaid(None),
        expect![[r#"
        flowchart TD
            start((" "))
    "#]],
    );
    check(
        &graph.dot(None),
        expect![[r#"
        digraph "nothing" {
          compound=true; rankdir=TB; fontname="sans-serif";
          node [shape=box style="rounded,filled" fillcolor=white fontname="sans-serif"];
          edge [fontname="sans-serif" fontsize=10];
        }
    "#]],
    );
}

#[test]
fn nothing_in_an_svg_overlaps() {
    // Boxes of one layer keep their distance, whatever their widths.
    let mut flow = Flow::starting_at("Choose");
    let mut choice = Choice {
        default: Some("n0".to_owned()),
        ..Choice::default()
    };
    for number in 0..9_usize {
        let name = format!("n{number}");
        choice.choices.push(ChoiceRule::when(
            "{% $states.input.answer = 'something long' %}",
            &name,
        ));
        let next = if number % 3 == 0 {
            "Choose".to_owned()
        } else {
            format!("n{}", number / 2)
        };
        flow = flow
            .state(name + &"-".repeat(number * 4), task(&next))
            .state(format!("n{number}"), task(&next));
    }
    let svg = Graph::of("many", &StateMachine::new(flow.state("Choose", choice))).svg(None);
    let number = |line: &str, key: &str| -> f64 {
        let from = line.find(key).expect("the attribute stands there") + key.len();
        let text: String = line[from..]
            .chars()
            .take_while(|&letter| letter != '"')
            .collect();
        text.parse().expect("the attribute is a number")
    };
    let boxes: Vec<(f64, f64, f64, f64)> = svg
        .lines()
        .filter(|line| line.starts_with("<rect class=\"box\""))
        .map(|line| {
            (
                number(line, " x=\""),
                number(line, " y=\""),
                number(line, "width=\""),
                number(line, "height=\""),
            )
        })
        .collect();
    assert_eq!(boxes.len(), 17);
    for (index, a) in boxes.iter().enumerate() {
        for b in &boxes[index + 1..] {
            let apart =
                a.0 + a.2 <= b.0 || b.0 + b.2 <= a.0 || a.1 + a.3 <= b.1 || b.1 + b.3 <= a.1;
            assert!(apart, "{a:?} and {b:?}");
        }
    }
}
