#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""usage: LIMN=build/cli/limn LIMN_SOURCE_ROOT=. browser.py
report.html in a headless Chromium, driven over WebDriver: it opens, zooms, filters and follows a
link to its evidence, says nothing on the console and asks for nothing on any network; with scripts
off it shows all the same things; what is shown is readable (contrast, both themes), fits a phone,
and prints. Skipped where chromium or its driver is missing. KEEP=DIR keeps the pictures."""
import base64
import json
import os
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request

from running import LIMN, SAMPLES, Folder, Tap, environment

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
DRIVER = shutil.which("chromedriver")
KEEP = os.environ.get("KEEP")


class Browser:
    """As much of WebDriver as this test needs."""

    def __init__(self, folder, scripts=True, dark=False, width=1280):
        self.driver = subprocess.Popen([DRIVER, "--port=0", "--log-level=SEVERE"],
                                       stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                                       env=environment(HOME=folder.path, TMPDIR=folder.path))
        self.url = None
        for line in self.driver.stdout:
            if "successfully on port " in line:
                self.url = "http://127.0.0.1:" + line.split("on port ")[1].strip().rstrip(".")
                break
        args = ["--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
                "--disable-dev-shm-usage", f"--window-size={width},1600", "--no-first-run",
                f"--blink-settings=preferredColorScheme={0 if dark else 1}"]
        options = {"binary": CHROMIUM, "args": args}
        if not scripts:
            options["prefs"] = {"profile.managed_default_content_settings.javascript": 2}
        self.base = self.url + "/session/" + self.call("POST", self.url + "/session", {
            "capabilities": {"alwaysMatch": {
                "browserName": "chrome", "goog:chromeOptions": options,
                "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"}}}})["sessionId"]

    def call(self, method, url, body=None):
        request = urllib.request.Request(url, method=method,
                                         data=None if body is None else json.dumps(body).encode(),
                                         headers={"Content-Type": "application/json"})
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=120) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise RuntimeError(error.read().decode()[:500]) from error

    def post(self, path, **body):
        return self.call("POST", self.base + path, body)

    def open(self, path):
        self.post("/url", url="file://" + path)

    def run(self, script, *args):
        return self.post("/execute/sync", script=script, args=list(args))

    def logs(self, kind):
        return self.post("/se/log", type=kind)

    def devtools(self, command, **params):
        return self.post("/goog/cdp/execute", cmd=command, params=params)

    def picture(self, name):
        if KEEP:
            with open(os.path.join(KEEP, name + ".png"), "wb") as file:
                size = self.devtools("Page.getLayoutMetrics")["cssContentSize"]
                clip = {"x": 0, "y": 0, "width": size["width"], "height": min(size["height"], 5000),
                        "scale": 1}
                file.write(base64.b64decode(self.devtools(
                    "Page.captureScreenshot", clip=clip, captureBeyondViewport=True)["data"]))

    def close(self):
        try:
            self.call("DELETE", self.base)
        finally:
            self.driver.terminate()
            self.driver.wait()


def requests(browser):
    """What was asked for but the page itself."""
    urls = []
    for entry in browser.logs("performance"):
        message = json.loads(entry["message"])["message"]
        if message["method"] == "Network.requestWillBeSent":
            urls.append(message["params"]["request"]["url"])
    return [u for u in urls if not u.split("#")[0].endswith("/report.html") and not u.startswith("data:")]


# Every piece of text against what lies behind it: WCAG's contrast, 4.5 or 3 for large text.
CONTRAST = """
function rgb(c) { const m = c.match(/[\\d.]+/g).map(Number); return m.length > 3 ? m : [...m, 1]; }
function light(c) { const [r, g, b] = c.map(v => { v /= 255;
  return v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; }); return .2126 * r + .7152 * g + .0722 * b; }
function behind(e) { for (; e; e = e.parentElement) { const c = rgb(getComputedStyle(e).backgroundColor);
  if (c[3] === 1) return c.slice(0, 3); } return [255, 255, 255]; }
const bad = [];
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
for (let n; (n = walker.nextNode());) {
  const e = n.parentElement;
  if (!n.textContent.trim() || e.closest('script, style, svg, .skip') || !e.getClientRects().length) continue;
  const s = getComputedStyle(e), a = light(rgb(s.color).slice(0, 3)), b = light(behind(e));
  const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05), size = parseFloat(s.fontSize);
  if (ratio < (size >= 24 || (size >= 18.6 && s.fontWeight >= 700) ? 3 : 4.5))
    bad.push(ratio.toFixed(2) + ' ' + e.tagName + '.' + e.className + ': ' + n.textContent.trim().slice(0, 40));
}
const fills = [];
for (const t of document.querySelectorAll('svg text.in')) {
  let r = t.previousElementSibling; while (r && r.tagName !== 'rect') r = r.previousElementSibling;
  const a = light(rgb(getComputedStyle(t).fill).slice(0, 3)), b = light(rgb(getComputedStyle(r).fill).slice(0, 3));
  const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
  if (ratio < 4.5) bad.push(ratio.toFixed(2) + ' bar ' + r.getAttribute('class') + ': ' + t.textContent);
}
return bad;
"""

UNLABELLED = """
const bad = [];
for (const e of document.querySelectorAll('a, button, input, summary, svg[role=img]')) {
  const id = e.getAttribute('aria-labelledby');
  const name = e.getAttribute('aria-label') || (id && document.getElementById(id)?.textContent) || e.textContent;
  if (!name || !name.trim()) bad.push(e.outerHTML.slice(0, 80));
}
for (const a of document.querySelectorAll('a[href^="#"]'))
  if (!document.getElementById(decodeURIComponent(a.getAttribute('href').slice(1)))) bad.push('leads nowhere: ' + a.getAttribute('href'));
if (document.querySelectorAll('h1').length !== 1) bad.push('not one h1');
if (!document.documentElement.lang) bad.push('no lang');
return bad;
"""


def with_scripts(tap, browser, page):
    browser.open(page)
    browser.picture("light")
    title = browser.run("return document.title")
    tap.say(bool(title), "opens", title)
    before = browser.run("return [...document.querySelectorAll('#chart rect.hit')].map(e => +e.getAttribute('x'))")
    browser.run("document.querySelector('button[aria-label=\"Zoom in\"]').click()")
    after = browser.run("return [...document.querySelectorAll('#chart rect.hit')].map(e => +e.getAttribute('x'))")
    says = browser.run("return document.querySelectorAll('.tools [role=status]')[1].textContent")
    spread, wider = max(before) - min(before), max(after) - min(after)
    tap.say(abs(wider - 2 * spread) < 2 and " UTC" in says, "zooms", f"{spread} {wider} {says}")
    browser.picture("zoomed")
    browser.run("document.querySelector('button[aria-label=\"Later\"]').click();"
                "document.querySelector('.picture').dispatchEvent(new KeyboardEvent('keydown', {key: '0'}))")
    whole = browser.run("return [...document.querySelectorAll('#chart rect.hit')].map(e => +e.getAttribute('x'))")
    tap.say(all(abs(a - b) < 0.2 for a, b in zip(before, whole)), "and back, by the keyboard")
    rows = "return [...document.querySelectorAll('ul.evidence > li')].filter(e => !e.hidden).length"
    everything = browser.run(rows)
    fill = ("const i = document.querySelector('input[type=search]'); i.value = arguments[0];"
            "i.dispatchEvent(new Event('input'))")
    browser.run(fill, "keeps binary logs")
    some = browser.run(rows)
    browser.picture("filtered")
    browser.run(fill, "no such text anywhere")
    none = browser.run(rows)
    browser.run(fill, "")
    tap.say(0 < some < everything and none == 0 and browser.run(rows) == everything, "filters",
            f"{everything} {some} {none}")
    hidden = browser.run(
        "document.querySelectorAll('details').forEach(d => d.open = false);"
        "const a = document.querySelector('#story a[href^=\"#e-\"]');"
        "a.click(); return a.getAttribute('href')")
    time.sleep(0.2)
    seen = browser.run("const e = document.getElementById(arguments[0].slice(1));"
                       "return location.hash === arguments[0] && e.getClientRects().length > 0 &&"
                       " e.querySelector('details.record').open", hidden)
    tap.say(seen, "follows a link to the evidence, and opens its record", hidden)
    for name, script in (("readable", CONTRAST), ("every control has a name, every link a target", UNLABELLED)):
        bad = browser.run("document.querySelectorAll('details').forEach(d => d.open = true);" + script)
        tap.say(not bad, name, "\n".join(bad))
    console = [e["message"] for e in browser.logs("browser")]
    tap.say(not console, "says nothing on the console", "\n".join(console))
    asked = requests(browser)
    tap.say(not asked, "asks for nothing on any network", "\n".join(asked))
    pdf = base64.b64decode(browser.devtools("Page.printToPDF")["data"])
    if KEEP:
        with open(os.path.join(KEEP, "print.pdf"), "wb") as file:
            file.write(pdf)
    tap.say(pdf.startswith(b"%PDF") and len(pdf) > 10000, "prints", str(len(pdf)))


def main():
    tap = Tap()
    if not CHROMIUM or not DRIVER:
        tap.say(True, "report.html in a browser", skip="no chromium or no chromedriver")
        tap.end()
    with Folder() as folder:
        sample = sys.argv[1] if len(sys.argv) > 1 else os.path.join(SAMPLES, "incidents/binlog-purge")
        status, _, err = folder.run([LIMN, "analyze", sample, "--case", "a.case", "--report",
                                     "report.html"], environment())
        tap.say(status == 0, "analyse", err.decode())
        page = os.path.join(folder.path, "report.html")
        browser = Browser(folder)
        try:
            with_scripts(tap, browser, page)
            text = browser.run("document.querySelectorAll('.tools').forEach(t => t.remove());"
                               "return document.body.innerText.replace(/\\s+/g, ' ')")
        finally:
            browser.close()
        for name, options in (("scripts off", {"scripts": False}), ("dark", {"dark": True}),
                              ("phone", {"width": 500})):
            browser = Browser(folder, **options)
            try:
                browser.open(page)
                browser.picture(name.replace(" ", "-"))
                if name == "scripts off":
                    root = browser.devtools("DOM.getDocument", depth=0)["root"]["nodeId"]
                    made = browser.devtools("DOM.querySelectorAll", nodeId=root, selector=".tools")
                    drawn = browser.devtools("DOM.querySelectorAll", nodeId=root,
                                             selector="#chart rect.hit, ul.evidence > li")
                    tap.say(not made["nodeIds"] and len(drawn["nodeIds"]) > 10,
                            "with scripts off all is there, and no control that does nothing")
                if name == "dark":
                    bad = browser.run("document.querySelectorAll('details').forEach(d => d.open = true);"
                                      + CONTRAST)
                    paper = browser.run("return getComputedStyle(document.body).backgroundColor")
                    tap.say(not bad and paper != "rgb(255, 255, 255)", "readable in the dark",
                            paper + "\n" + "\n".join(bad))
                if name == "phone":
                    over = browser.run("return document.documentElement.scrollWidth - innerWidth")
                    tap.say(over <= 0, "fits a phone", f"{over} too wide")
            finally:
                browser.close()
        tap.say("CDC-12" in text, "says what was found", text[:300])
    tap.end()


main()
