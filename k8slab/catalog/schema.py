"""The keys of every lesson file. An unknown one is an error; docs/lesson-format.md says what each means."""

from __future__ import annotations

from dataclasses import dataclass

LANGUAGES = ("en", "ko")


@dataclass(frozen=True, slots=True)
class Shape:
    required: tuple[str, ...]
    optional: tuple[str, ...] = ()

    @property
    def keys(self) -> tuple[str, ...]:
        return self.required + self.optional


COURSE = Shape(required=("title", "tracks"))
TRACK = Shape(required=("id", "title", "folder"))
LESSON = Shape(required=("id", "title", "objectives", "minutes", "mirrors", "links"))
LINK = Shape(required=("title", "url"))
EXERCISE = Shape(
    required=("title", "task", "checks"), optional=("capabilities", "nodes", "vars", "files", "hints_cost")
)
BUILT_IN = "namespace"  # `${namespace}` needs no declaration: where the student works
QUIZ = Shape(
    required=("kind", "title", "question"), optional=("answers", "items", "pairs", "sentence", "blanks", "points")
)
QUIZ_CHOICE = Shape(required=("text", "because"), optional=("right",))
QUIZ_ITEM = Shape(required=("text", "because"))
QUIZ_PAIR = Shape(required=("left", "right", "because"))
QUIZ_BLANK = Shape(required=("accept", "because"))
QUIZ_KINDS = {"choice": ("answers",), "order": ("items",), "match": ("pairs",), "fill": ("sentence", "blanks")}
DIAGRAM = Shape(required=("title", "description"), optional=("words",))
TEXT = Shape(required=LANGUAGES)

# What an exercise may need of a cluster beyond a namespace; `sandbox.capabilities` asks the cluster for them.
CAPABILITIES = ("exec", "private-nodes", "host-path", "cluster-scoped")

LESSON_FILES = ("lesson.yaml", *(f"{language}.md" for language in LANGUAGES))
MAIN_FILE = "answer.yaml"  # what a student sees `start.yaml` as
EXERCISE_FILES = ("exercise.yaml", "start.yaml", "setup.yaml", "solution.yaml", "solution.sh")
DIRECTIVES = ("exercise", "quiz", "diagram")  # `::: exercise <id>`: one line, replaced by a card
CONTAINERS = ("note", "remember")  # `::: note` … `:::`
