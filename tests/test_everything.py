"""What `make test` says at its end, and when it refuses."""

from pathlib import Path

from tests.everything import Run, read, verdict

BOTH = frozenset({"tests.a.test_one", "tests.a.test_two"})


def test_equal_runs_are_well_and_counted():
    lines, well = verdict(Run("SQLite", BOTH), Run("PostgreSQL", BOTH), Run("browser", frozenset({"b"})), [], strict=True)
    assert lines == ["5 passed, 0 failed", "SQLite 2 tests, PostgreSQL 2 tests: equal; browser 1; nothing skipped"]
    assert well


def test_test_that_ran_on_one_database_only_is_named_and_fails():
    lines, well = verdict(Run("SQLite", BOTH), Run("PostgreSQL", frozenset({"tests.a.test_one"})), Run("browser"), [], strict=False)
    assert lines == [
        "only on SQLite: tests.a.test_two",
        "3 passed, 0 failed",
        "SQLite 2 tests, PostgreSQL 1 tests: NOT EQUAL; browser 0; nothing skipped",
    ]
    assert not well


def test_failed_test_fails_the_whole():
    lines, well = verdict(Run("SQLite", BOTH), Run("PostgreSQL", BOTH, failed=frozenset({"tests.a.test_one"}), code=1), Run("browser"), [], strict=False)
    assert lines == ["3 passed, 1 failed", "SQLite 2 tests, PostgreSQL 2 tests: equal; browser 0; nothing skipped; FAILED: PostgreSQL"]
    assert not well


def test_run_that_broke_before_its_first_test_fails_the_whole():
    assert not verdict(Run("SQLite", BOTH), Run("PostgreSQL", BOTH), Run("browser", code=4), [], strict=False)[1]
    assert not verdict(Run("SQLite"), Run("PostgreSQL"), Run("browser"), [], strict=False)[1]


def test_missing_program_is_said_and_refused_where_nothing_may_be_skipped():
    runs = (Run("SQLite", BOTH), Run("PostgreSQL", BOTH), Run("browser"))
    lines, well = verdict(*runs, ["chromium"], strict=False)
    assert lines[-1] == "SQLite 2 tests, PostgreSQL 2 tests: equal; browser 0; skipped: chromium: only root can install it"
    assert well
    assert not verdict(*runs, ["chromium"], strict=True)[1]


def test_report_of_a_run_is_read(tmp_path: Path):
    report = tmp_path / "report.xml"
    report.write_text(
        "<testsuites><testsuite>"
        "<testcase classname='t.a' name='test_good'/>"
        "<testcase classname='t.a' name='test_bad'><failure message='no'/></testcase>"
        "<testcase classname='t.a' name='test_left'><skipped message='no redis'/></testcase>"
        "</testsuite></testsuites>"
    )
    run = read("SQLite", report, 1)
    assert run == Run("SQLite", frozenset({"t.a.test_good", "t.a.test_bad", "t.a.test_left"}), frozenset({"t.a.test_bad"}), {"t.a.test_left": "no redis"}, 1)
    assert run.passed == 1
    assert read("SQLite", tmp_path / "none.xml", 0).bad
