"""boot, run and stop, and what an interrupted or damaged download leaves behind."""

import json

import pytest

from tests.book.pages import HTML
from tests.live.engine import Engine

MANIFEST = HTML / "live" / "manifest.json"


def packs():
    """Return the files of chapter 3's packs, the engine first."""
    manifest = json.loads(MANIFEST.read_text("utf-8"))
    names = manifest["pages"]["chapters/03_logistic_regression"]["packs"]
    return [manifest["packs"][name] for name in names]


def stored(engine):
    """Return the names of the files that the browser has stored."""
    return engine.evaluate(
        """async () => {
          const cache = await caches.open("gradients-by-hand-live");
          return (await cache.keys()).map(({ url }) => url.split("/live/")[1]);
        }"""
    )


def test_this_browser_can(engine):
    assert engine.evaluate("Live.support()") == "yes"


def test_libraries_are_there(engine):
    result = engine.run("import numpy as np\nprint(np.linalg.norm([3, 4]))\nnp.arange(3)")
    assert result["out"] == "5.0\n"
    assert result["outputs"][-1]["data"] == {"text/plain": "array([0, 1, 2])"}
    assert "".join(text for _, text in result["written"]) == result["out"]
    assert result["heap"] > 1e7


def test_files_can_be_written_and_dated(engine):
    result = engine.run(
        "import os, time\nfrom pathlib import Path\nPath('/tmp/a').write_text('b' * 3)\n"
        "begun = time.time()\ntime.sleep(0.05)\nslept = time.time() - begun\n"
        "print(os.access('/tmp', os.W_OK), os.path.getsize('/tmp/a'), os.path.getmtime('/tmp/a'))\n"
        "print(0.04 < slept < 2, len(os.urandom(100_000)), sorted(os.listdir('/tmp'))[:1])"
    )
    assert result["out"] == "True 3 0.0\nTrue 100000 ['a']\n", result


def test_no_work_takes_no_time(engine):
    result = engine.run(
        "from time import perf_counter\ntimes = [perf_counter() for _ in range(1000)]\n"
        "print(all(a < b for a, b in zip(times, times[1:])))"
    )
    assert result["out"] == "True\n"


def test_a_figure_is_a_picture_and_nothing_else_is_said(engine):
    result = engine.run("import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.title('$x^2$');")
    (picture,) = result["images"]
    assert picture["mime"] == "image/png"
    assert picture["data"].startswith("iVBOR")
    assert result["err"] == ""


def test_an_endless_recursion_is_an_error_and_no_end(engine):
    result = engine.run("def f():\n    return f()\nf()", cell=5)
    assert result["error"] == {
        "name": "RecursionError",
        "message": "maximum recursion depth exceeded",
        "line": 2,
    }
    assert engine.run("1")["ok"]


def test_one_runs_at_a_time(engine):
    both = engine.evaluate(
        """async () => {
          const runs = [engine.run("a = 1\\nprint(a)"), engine.run("a += 1\\nprint(a)")];
          return (await Promise.all(runs)).map(({ out }) => out);
        }"""
    )
    assert both == ["1\n", "2\n"]


def test_stop_ends_an_endless_loop_and_boot_starts_anew_without_fetching(new_engine):
    engine = new_engine()
    first = engine.boot()
    steps = [step["step"] for step in first["steps"]]
    assert [steps[0], *steps[-2:]] == ["fetch", "unpack", "start"]
    assert first["steps"][-1]["total"] == sum(pack["size"] for pack in packs())
    assert not first["cached"]
    code = engine.evaluate(
        """async () => {
          const run = engine.run("while True: pass").then(() => null, ({ code }) => code);
          setTimeout(() => engine.stop(), 200);
          return run;
        }"""
    )
    assert code == "stopped"
    assert engine.evaluate("engine.run('1').then(() => null, ({code}) => code)") == "stopped"
    engine.tab.got.clear()
    again = engine.boot()
    assert again["cached"]
    assert not [url for url in engine.tab.got if url.endswith(".pack")]
    assert engine.run("1 + 1")["outputs"][0]["data"] == {"text/plain": "2"}


def test_what_exercises_remember_goes_from_one_session_to_the_next(new_engine):
    engine = new_engine()
    engine.boot()
    source = "from byhand.exercises import memory\nmemory.note_passed('ex-sigmoid')"
    remembered = engine.run(source)["memory"]
    assert json.loads(remembered)["passed"] == ["ex-sigmoid"]
    assert engine.run("1")["memory"] is None
    engine.boot(remembered)
    result = engine.run("from byhand.exercises import memory\nprint(memory.passed())")
    assert result["out"] == "['ex-sigmoid']\n"


def test_interact_runs_again_with_other_values(engine):
    source = "from byhand import labs\nlabs.interact(lambda x: print(2 * x), x=(0, 10))"
    controls, first = engine.run(source)["outputs"]
    assert first["text"] == "10\n"
    spec = json.loads(controls["data"]["application/vnd.byhand.interact+json"])
    again = engine.evaluate("id => Live.again(id, { x: 4 })", spec["id"])
    assert engine.run(again)["out"] == "8\n"


def test_a_page_that_was_opened_runs_without_network(new_engine):
    engine = new_engine()
    assert not engine.evaluate("engine.stored()")
    engine.boot()
    engine.open()
    assert engine.evaluate("engine.stored()")
    engine.tab.evaluate(
        "page => { window.engine = Live.createEngine('live/', page); }", engine.page
    )
    engine.tab.context.set_offline(True)
    assert engine.boot()["cached"]
    assert engine.run("1 + 1")["ok"]


def test_without_network_and_without_store_it_says_so(new_engine):
    engine = new_engine()
    engine.tab.context.set_offline(True)
    assert engine.refusal()["code"] == "offline"


@pytest.mark.parametrize("number", [0, 1])
@pytest.mark.parametrize("harm", ["cut", "changed"])
def test_a_damaged_file_is_refused_and_not_stored(new_engine, number, harm):
    engine, file = new_engine(), packs()[number]["file"]
    content = bytearray((HTML / "live" / file).read_bytes())
    content[len(content) // 2] ^= 1
    body = bytes(content[: len(content) // 2] if harm == "cut" else content)
    engine.tab.route(f"**/{file}", lambda route: route.fulfill(body=body))
    refusal = engine.refusal()
    assert refusal["code"] == "damaged"
    assert "Nothing was stored" in refusal["message"]
    assert file not in stored(engine)
    engine.tab.unroute(f"**/{file}")
    assert engine.boot()["ms"]


def test_a_missing_file_is_named(new_engine):
    engine, file = new_engine(), packs()[1]["file"]
    engine.tab.route(f"**/{file}", lambda route: route.fulfill(status=404))
    refusal = engine.refusal()
    assert refusal["code"] == "missing"
    assert file in refusal["message"]


@pytest.fixture
def classroom(browser):
    """Return an engine on a plain http server with a name, which gives no secure context."""
    engine = Engine(browser, "http://classroom.test", "chapters/03_logistic_regression", HTML)
    yield engine
    engine.close()


def test_plain_http_works_without_a_store(classroom):
    assert not classroom.evaluate("isSecureContext")
    assert not classroom.boot()["cached"]
    assert classroom.run("1 + 1")["ok"]
    assert classroom.evaluate("engine.stored()")  # what the page itself has kept
    assert classroom.boot()["cached"]
    classroom.open()
    assert not classroom.evaluate("engine.stored()")


def test_a_damaged_file_is_refused_over_plain_http_by_its_own_checksum(classroom):
    file = packs()[1]["file"]
    content = bytearray((HTML / "live" / file).read_bytes())
    content[len(content) // 2] ^= 1
    classroom.tab.route(f"**/{file}", lambda route: route.fulfill(body=bytes(content)))
    assert classroom.refusal()["code"] == "damaged"


def test_a_new_edition_forgets_the_old_files(new_engine):
    engine = new_engine()
    engine.evaluate(
        """async () => {
          const cache = await caches.open("gradients-by-hand-live");
          for (const file of ["live/engine-old.pack", "other/live/engine-old.pack"]) {
            await cache.put(new URL(file, document.baseURI).href, new Response("old"));
          }
        }"""
    )
    engine.boot()
    assert "engine-old.pack" in stored(engine)  # that of another book on this server
    assert len([name for name in stored(engine) if name == "engine-old.pack"]) == 1


def test_the_worker_asks_its_own_server_alone(engine):
    assert engine.tab.foreign == []
    assert engine.tab.errors == []
