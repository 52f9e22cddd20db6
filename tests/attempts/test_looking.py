"""What the map marks for a check."""

from k8slab.attempts.looking import objects_of
from k8slab.grading.spec import Check, Disturb, ObjectRef, Probe, Text

TITLE = Text("a", "b")


def check(**parts: object) -> Check:
    return Check(id="c", title=TITLE, **parts)  # type: ignore[arg-type]  # parts by name


def test_an_object_by_name_with_the_students_own_value() -> None:
    ref = ObjectRef("apps/v1", "Deployment", name="${app}")
    assert objects_of(check(object=ref), {"app": "blue"}) == ["Deployment/blue"]


def test_objects_by_labels_and_all_of_a_kind() -> None:
    assert objects_of(check(object=ObjectRef("v1", "Pod", labels={"b": "2", "a": "1"})), {}) == ["Pod?a=1,b=2"]
    assert objects_of(check(object=ObjectRef("v1", "Pod")), {}) == ["Pod"]


def test_what_is_disturbed_and_what_is_asked() -> None:
    disturb = Disturb(ObjectRef("v1", "Pod", labels={"app": "web"}))
    probe = Probe("client", "http", "http://web.shop:9090/x", {"body": "secret"})
    assert objects_of(check(disturb=disturb, probe=probe), {}) == ["Pod?app=web", "Service/web"]
    assert objects_of(check(probe=Probe("client", "dns", "db.shop.svc")), {}) == ["Service/db"]
    assert objects_of(check(probe=Probe("client", "http", "http://10.1.2.3/")), {}) == []


def test_a_check_that_reveals_nothing_marks_nothing() -> None:
    assert objects_of(check(object=ObjectRef("v1", "Pod", name="x"), reveal=False), {}) == []
