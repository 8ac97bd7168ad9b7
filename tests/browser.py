"""A headless Chromium driven over a pipe by the DevTools protocol: just enough to open a page, ask it and see it."""

import base64
import json
import os
import select
import subprocess
import time
from contextlib import suppress
from pathlib import Path

CHROMIUM = Path("/usr/bin/chromium")
_FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-component-update",
    "--disable-background-networking", "--disable-sync", "--hide-scrollbars", "--remote-debugging-pipe",
)  # fmt: skip


class DevToolsError(Exception):
    """A command that the browser refused, such as a question to a page that is being left."""


class Browser:
    """One page of one browser with a profile of its own; `errors` are what its console complained of."""

    def __init__(self, profile, patience=30):
        self._patience = patience  # seconds without a word
        self.errors = []
        self.requests = []
        self._number = 0
        self._buffer = b""
        commands, self._out = os.pipe()
        self._in, answers = os.pipe()
        # The browser reads commands from its descriptor 3 and writes answers to 4.
        plumbing = f'exec 3<&{commands} 4>&{answers}; exec "$0" "$@"'
        self._process = subprocess.Popen(
            ["/bin/bash", "-c", plumbing, str(CHROMIUM), *_FLAGS, f"--user-data-dir={profile}", "about:blank"],
            pass_fds=(commands, answers),
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        os.close(commands)
        os.close(answers)
        self._session = None
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._session = None
        try:
            self.call("Browser.close")
            self._process.wait(10)
        except (OSError, TimeoutError, subprocess.TimeoutExpired):
            self._process.kill()
            self._process.wait()
        os.close(self._in)
        os.close(self._out)

    def call(self, method, **parameters):
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._out, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._read()
            if answer.get("id") == self._number:
                if "error" in answer:
                    raise DevToolsError(answer["error"])
                return answer["result"]
            self._note(answer)

    def _read(self):
        while b"\0" not in self._buffer:
            if not select.select([self._in], [], [], self._patience)[0]:
                raise TimeoutError("the browser does not answer")
            got = os.read(self._in, 1 << 16)
            if not got:
                raise TimeoutError("the browser has gone")
            self._buffer += got
        message, _, self._buffer = self._buffer.partition(b"\0")
        return json.loads(message)

    def _note(self, event):
        parameters = event.get("params", {})
        if event.get("method") == "Runtime.exceptionThrown":
            self.errors.append(parameters["exceptionDetails"].get("exception", {}).get("description", "exception"))
        elif event.get("method") == "Runtime.consoleAPICalled" and parameters["type"] in ("error", "warning", "assert"):
            self.errors.append(str(parameters["args"]))
        elif event.get("method") == "Log.entryAdded" and parameters["entry"]["level"] in ("error", "warning"):
            self.errors.append(parameters["entry"]["text"])
        elif event.get("method") == "Network.requestWillBeSent":
            self.requests.append(parameters["request"]["url"])

    def size(self, width, height, scheme="light"):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])

    def open(self, path, fragment=""):
        url = Path(path).resolve().as_uri() + fragment
        for address in ("about:blank", url):  # from one fragment to another alone, a page is not loaded anew
            self.call("Page.navigate", url=address)
            there = json.dumps(address.partition("#")[0])
            self.until(f"location.href.startsWith({there}) && document.readyState === 'complete'", 20)

    def ask(self, expression):
        """Return the value of a JavaScript expression, a promise's when it is kept."""
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def until(self, expression, seconds=5):
        """Return the first true value of an expression; an element is true."""
        expression = f"(value => value instanceof Node || value)({expression})"
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            with suppress(DevToolsError):
                if value := self.ask(expression):
                    return value
            time.sleep(0.02)
        raise AssertionError(f"not true within {seconds} s: {expression}")

    def type(self, selector, text):
        self.ask(f"document.querySelector({json.dumps(selector)}).focus()")
        self.call("Input.insertText", text=text)

    def press(self, key, code="", number=0):
        for kind in ("rawKeyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, key=key, code=code, windowsVirtualKeyCode=number)

    def hover(self, selector):
        x, y = self.ask(
            f"(() => {{ const r = document.querySelector({json.dumps(selector)}).getClientRects()[0];"
            " return [r.x + r.width / 2, r.y + r.height / 2]; })()"
        )
        self.call("Input.dispatchMouseEvent", type="mouseMoved", x=x, y=y)

    def picture(self, path):
        data = self.call("Page.captureScreenshot", format="png")["data"]
        Path(path).write_bytes(base64.b64decode(data))

    def printed(self):
        return base64.b64decode(self.call("Page.printToPDF", preferCSSPageSize=False, printBackground=False)["data"])
