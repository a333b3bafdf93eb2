// bridge.js and jweixin.js in a page that is made of what they touch.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import vm from "node:vm";

const bridgeText = readFileSync("bridge.js", "utf8");
const sdkText = readFileSync("jweixin.js", "utf8");
const IOS = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 MicroMessenger/8.0.69(0x1800452d)";
const ANDROID = "Mozilla/5.0 (Linux; Android 12; wv) Chrome/146.0 Mobile Safari/537.36 MicroMessenger/8.0.63.2920(0x28003FA6)";
const CHROME = "Mozilla/5.0 (Linux; Android 10; K) Chrome/142.0.0.0 Mobile Safari/537.36";
const home = "https://payapp.weixin.qq.com";
const params = { appId: "wx0123456789abcdef", timeStamp: "1", nonceStr: "n", package: "prepay_id=wx1", signType: "MD5", paySign: "s" };

class Target {
  listeners = {};
  addEventListener(name, call, o) { (this.listeners[name] ??= []).push({ call, once: o && o.once }); }
  removeEventListener(name, call) { this.listeners[name] = (this.listeners[name] ?? []).filter((l) => l.call !== call); }
  dispatchEvent(event) {
    const now = this.listeners[event.type] ?? [];
    this.listeners[event.type] = now.filter((l) => !l.once);
    for (const l of now) l.call(event);
    return true;
  }
}

// page is a window in which a script runs; answers are what the wallet says to a path.
function page({ agent = IOS, timing = "late", at = "https://shop.test/checkout/pay?order=1#x", readyState = "loading", framed = false, answers = {}, homes = [home] } = {}) {
  const window = new Target(), document = new Target();
  const asked = [], sent = [], frames = [], beacons = [], timers = [], alerts = [];
  document.readyState = readyState;
  document.visibilityState = "visible";
  document.createElement = () => ({ style: {}, contentWindow: {}, remove() { frames.splice(frames.indexOf(this), 1); }, focus() {} });
  document.body = { appendChild(frame) { frames.push(frame); } };
  const closed = [];
  Object.assign(window, {
    document, location: new URL(at), navigator: { userAgent: agent, sendBeacon: (to, text) => beacons.push([to, JSON.parse(text)]) },
    history: { length: 1 }, close: () => closed.push(true), alert: (text) => alerts.push(text), URL, JSON, Object, String, Event: class { constructor(type) { this.type = type; } },
    setTimeout: (call, after) => timers.push({ call, after }),
    fetch: async (address, o) => {
      asked.push(address);
      const path = address.replace(home, "");
      sent.push([path, JSON.parse(o.body), o]);
      const answer = answers[path];
      if (answer instanceof Error) throw answer;
      return { json: async () => answer };
    },
  });
  window.window = window;
  window.top = framed ? {} : window;
  vm.createContext(window);
  const settle = async () => {
    for (let i = 0; i < 20; i++) {
      await new Promise((done) => setImmediate(done));
      while (timers.length && timers[0].after === 0) timers.shift().call();
    }
  };
  return {
    window, document, asked, sent, frames, beacons, timers, alerts, closed, settle,
    inject: (payer = "") => vm.runInContext(`(${bridgeText.slice(bridgeText.indexOf("(function")).trim()})(${JSON.stringify({ home: homes, payer, timing })})`, window),
    sdk: () => vm.runInContext(sdkText, window),
    loaded: async () => { document.readyState = "interactive"; document.dispatchEvent({ type: "DOMContentLoaded" }); document.readyState = "complete"; window.dispatchEvent({ type: "load" }); await settle(); },
    says: async (data, frame = frames[0], origin = home) => { window.dispatchEvent({ type: "message", source: frame.contentWindow, origin, data }); await settle(); },
  };
}

const opens = { "/wallet/invoke": { frame: home + "/wallet/sheet?p=T" } };
const plain = (v) => JSON.parse(JSON.stringify(v));

test("late: after the page's own scripts, and the event tells", async () => {
  const p = page();
  let events = 0;
  p.document.addEventListener("WeixinJSBridgeReady", () => events++);
  p.inject();
  assert.equal(p.window.WeixinJSBridge, undefined);
  await p.loaded();
  assert.equal(typeof p.window.WeixinJSBridge.invoke, "function");
  assert.equal(events, 1);
});

test("at once: before the page's own scripts, whose listener hears no event", async () => {
  const p = page({ timing: "at-once" });
  p.inject();
  assert.ok(p.window.WeixinJSBridge);
  let events = 0;
  p.document.addEventListener("WeixinJSBridgeReady", () => events++);
  await p.loaded();
  assert.equal(events, 0);
});

test("slow: three seconds after load", async () => {
  const p = page({ timing: "slow" });
  p.inject();
  await p.loaded();
  assert.equal(p.window.WeixinJSBridge, undefined);
  assert.deepEqual(p.timers.map((t) => t.after), [3000]);
  p.timers.shift().call();
  assert.ok(p.window.WeixinJSBridge);
});

test("on touch: not before, and once", async () => {
  const p = page({ timing: "on-touch" });
  let events = 0;
  p.document.addEventListener("WeixinJSBridgeReady", () => events++);
  p.inject();
  await p.loaded();
  assert.equal(p.window.WeixinJSBridge, undefined);
  p.window.dispatchEvent({ type: "touchstart" });
  p.window.dispatchEvent({ type: "click" });
  assert.ok(p.window.WeixinJSBridge);
  assert.equal(events, 1);
});

test("never", async () => {
  const p = page({ timing: "never" });
  p.inject();
  await p.loaded();
  p.window.dispatchEvent({ type: "click" });
  assert.equal(p.window.WeixinJSBridge, undefined);
});

test("an iframe has no bridge", async () => {
  const p = page({ framed: true, timing: "at-once" });
  p.inject();
  await p.loaded();
  assert.equal(p.window.WeixinJSBridge, undefined);
});

test("injected twice, it is there once", async () => {
  const p = page();
  let events = 0;
  p.document.addEventListener("WeixinJSBridgeReady", () => events++);
  p.inject();
  p.inject();
  await p.loaded();
  assert.equal(events, 1);
});

test("the wallet's answer reaches the page, after the sandbox heard of it", async () => {
  const p = page({ timing: "at-once", answers: opens });
  p.inject("bob");
  const heard = [];
  p.window.WeixinJSBridge.invoke("getBrandWCPayRequest", params, (r) => heard.push(plain(r)));
  assert.deepEqual(heard, []);
  await p.settle();
  assert.equal(p.frames.length, 1);
  assert.deepEqual(p.sent[0][1], { page: "https://shop.test/checkout/pay?order=1#x", payer: "bob", params });
  await p.says({ err_msg: "get_brand_wcpay_request:fail", err_code: "2", err_desc: "expired" });
  assert.deepEqual(heard, [{ err_msg: "get_brand_wcpay_request:fail", err_code: "2", err_desc: "expired" }]);
  assert.equal(p.frames.length, 0);
  assert.equal(p.beacons[0][0], home + "/wallet/returned");
});

test("only the wallet's own frame and origin are listened to", async () => {
  const p = page({ timing: "at-once", answers: opens });
  p.inject();
  const heard = [];
  p.window.WeixinJSBridge.invoke("getBrandWCPayRequest", params, (r) => heard.push(r));
  await p.settle();
  await p.says({ err_msg: "get_brand_wcpay_request:ok" }, { contentWindow: {} });
  await p.says({ err_msg: "get_brand_wcpay_request:ok" }, p.frames[0], "https://shop.test");
  assert.deepEqual(heard, []);
});

test("one wallet at a time: the second invocation says so and opens nothing", async () => {
  const answers = { ...opens };
  const p = page({ timing: "at-once", answers });
  p.inject();
  const heard = [];
  const pay = (who) => p.window.WeixinJSBridge.invoke("getBrandWCPayRequest", params, (r) => heard.push([who, r.err_msg]));
  pay("first");
  await p.settle();
  answers["/wallet/invoke"] = { err_msg: "get_brand_wcpay_request:fail" };
  pay("second");
  await p.settle();
  assert.equal(p.sent[1][1].again, true);
  assert.equal(p.frames.length, 1);
  assert.deepEqual(heard, [["second", "get_brand_wcpay_request:fail"]]);
  await p.says({ err_msg: "get_brand_wcpay_request:ok" });
  assert.deepEqual(heard[1], ["first", "get_brand_wcpay_request:ok"]);
  answers["/wallet/invoke"] = opens["/wallet/invoke"];
  pay("third");
  await p.settle();
  assert.equal(p.sent[2][1].again, undefined);
  assert.equal(p.frames.length, 1);
});

test("types reach the wallet as the page had them", async () => {
  const p = page({ timing: "at-once", answers: opens });
  p.inject();
  p.window.WeixinJSBridge.invoke("getBrandWCPayRequest", { ...params, timeStamp: 1 });
  await p.settle();
  assert.equal(p.sent[0][1].params.timeStamp, 1);
});

for (const [agent, entry] of [[IOS, true], [ANDROID, false]]) {
  test("the address judged in a single-page application, " + (entry ? "iPhone: the first" : "Android: the current"), async () => {
    const p = page({ agent, timing: "at-once", answers: opens });
    p.inject();
    p.window.location = new URL("https://shop.test/later/page");
    p.window.WeixinJSBridge.invoke("getBrandWCPayRequest", params);
    await p.settle();
    assert.equal(p.sent[0][1].page, entry ? "https://shop.test/checkout/pay?order=1#x" : "https://shop.test/later/page");
  });
}

test("a wallet that cannot be reached is a fail, and the next try is a first one", async () => {
  const answers = { "/wallet/invoke": new Error("offline") };
  const p = page({ timing: "at-once", answers });
  p.inject();
  const heard = [];
  const pay = () => p.window.WeixinJSBridge.invoke("getBrandWCPayRequest", params, (r) => heard.push(r.err_msg));
  pay();
  await p.settle();
  answers["/wallet/invoke"] = opens["/wallet/invoke"];
  pay();
  await p.settle();
  assert.deepEqual(heard, ["get_brand_wcpay_request:fail"]);
  assert.equal(p.sent[1][1].again, undefined);
});

for (const [name, at, want] of [
  ["a page of the sandbox's own, by either name of this machine", "http://localhost:8080/q/direct", "http://localhost:8080"],
  ["a merchant's page", "http://127.0.0.1:8090/checkout", home],
]) {
  test("of two addresses of the wallet: " + name, async () => {
    const p = page({ at, timing: "at-once", homes: [home, "http://127.0.0.1:8080"] });
    p.inject();
    p.window.WeixinJSBridge.invoke("getBrandWCPayRequest", params);
    await p.settle();
    assert.equal(p.asked[0], want + "/wallet/invoke");
  });
}

test("what the bridge has besides", async () => {
  const p = page({ timing: "at-once", agent: ANDROID });
  p.inject();
  const heard = [];
  for (const name of ["hideOptionMenu", "nonsense"]) p.window.WeixinJSBridge.invoke(name, {}, (r) => heard.push(r.err_msg));
  p.window.WeixinJSBridge.invoke("checkJsApi", { jsApiList: ["getBrandWCPayRequest", "scan"] }, (r) => heard.push(r.checkResult));
  await p.settle();
  assert.deepEqual(heard, ["hideOptionMenu:ok", "system:function_not_exist", '{"getBrandWCPayRequest":true,"scan":false}']);
  p.window.WeixinJSBridge.call("closeWindow");
  assert.deepEqual(p.closed, [true]);
});

// From here on the SDK.

const config = { appId: "wx0123456789abcdef", timestamp: 1700000000, nonceStr: "n", signature: "abc", jsApiList: ["chooseWXPay"] };
const verifies = { ...opens, "/wallet/preverify": { err_msg: "preVerifyJSAPI:ok" } };

// withSDK loads both, and writes down what wx says.
async function withSDK(o, use) {
  const p = page(o), heard = [];
  p.inject();
  p.sdk();
  const { wx } = p.window;
  wx.error((r) => heard.push(["error", r.errMsg]));
  wx.ready(() => heard.push(["ready"]));
  await use(p, wx, heard);
  return { p, heard };
}

test("wx.config waits for a late bridge, and hands over what it is to verify", async () => {
  await withSDK({ answers: verifies }, async (p, wx, heard) => {
    wx.config(config);
    await p.settle();
    assert.equal(p.sent.length, 0);
    await p.loaded();
    const { params: got, page: address } = p.sent[0][1];
    assert.equal(address, "https://shop.test/checkout/pay?order=1#x");
    assert.deepEqual(got, { verifyAppId: config.appId, verifyJsApiList: ["getBrandWCPayRequest"], verifyOpenTagList: [], verifySignType: "sha1",
      verifyTimestamp: "1700000000", verifyNonceStr: "n", verifySignature: "abc" });
    assert.deepEqual(heard, [["ready"]]);
    wx.ready(() => heard.push(["ready later"]));
    assert.deepEqual(heard[1], ["ready later"]);
  });
});

test("a refused wx.config: wx.error hears why, and wx.ready comes all the same", async () => {
  await withSDK({ timing: "at-once", answers: { "/wallet/preverify": { err_msg: "preVerifyJSAPI:invalid signature" } } }, async (p, wx, heard) => {
    wx.config(config);
    await p.settle();
    assert.deepEqual(heard, [["error", "config:invalid signature"], ["ready"]]);
    wx.error((r) => heard.push(["error later", r.errMsg]));
    assert.deepEqual(heard[2], ["error later", "config:invalid signature"]);
  });
});

test("two configs: the later one counts", async () => {
  const answers = { "/wallet/preverify": { err_msg: "preVerifyJSAPI:invalid signature" } };
  await withSDK({ timing: "at-once", answers }, async (p, wx, heard) => {
    wx.config(config);
    await p.settle();
    answers["/wallet/preverify"] = verifies["/wallet/preverify"];
    wx.config({ ...config, signature: "right" });
    let again = 0;
    wx.ready(() => again++);
    assert.equal(again, 0);
    await p.settle();
    assert.equal(again, 1);
    assert.equal(p.sent[1][1].params.verifySignature, "right");
    assert.equal(heard.filter(([what]) => what === "error").length, 1);
  });
});

test("outside WeChat nothing happens, unless debug is on", async () => {
  await withSDK({ agent: CHROME, answers: verifies }, async (p, wx, heard) => {
    wx.config(config);
    await p.loaded();
    assert.deepEqual([heard, p.sent], [[], []]);
    wx.config({ ...config, debug: true });
    wx.ready(() => heard.push("ready"));
    assert.deepEqual(heard, ["ready"]);
  });
});

const pay = { timestamp: 1490840662, nonceStr: "n2", package: "prepay_id=wx1", signType: "MD5", paySign: "S", appId: "wxanother" };

for (const [said, callback, errMsg] of [
  ["get_brand_wcpay_request:ok", "success", "chooseWXPay:ok"],
  ["get_brand_wcpay_request:cancel", "cancel", "chooseWXPay:cancel"],
  ["get_brand_wcpay_request:fail", "fail", "chooseWXPay:fail"],
]) {
  test("wx.chooseWXPay: " + said + " is " + callback, async () => {
    await withSDK({ timing: "at-once", answers: verifies }, async (p, wx) => {
      wx.config(config);
      await p.settle();
      const heard = [];
      const note = (name) => (r) => heard.push([name, plain(r)]);
      wx.chooseWXPay({ ...pay, success: note("success"), cancel: note("cancel"), fail: note("fail"), complete: note("complete") });
      await p.settle();
      const got = p.sent[1][1];
      assert.equal(got.unverified, undefined);
      assert.equal(got.params.appId, config.appId);
      assert.equal(got.params.timeStamp, "1490840662");
      assert.equal(got.params.timestamp, undefined);
      assert.equal(got.params.verifySignature, "abc");
      await p.says({ err_msg: said, err_code: "2", err_desc: "words" });
      assert.deepEqual(heard, [[callback, { errMsg }], ["complete", { errMsg }]]);
    });
  });
}

test("wx.chooseWXPay without what it needs", async () => {
  await withSDK({ timing: "at-once", answers: verifies }, async (p, wx) => {
    wx.config(config);
    await p.settle();
    wx.chooseWXPay({ nonceStr: "n", package: "prepay_id=wx1", paySign: "S" });
    await p.settle();
    assert.equal(p.sent[1][1].params.timeStamp, "undefined");
    assert.equal(p.sent[1][1].params.signType, "SHA1");
  });
});

for (const [name, list] of [["refused", ["chooseWXPay"]], ["does not list it", ["hideMenuItems"]]]) {
  test("wx.chooseWXPay after a wx.config that " + name + " is unverified", async () => {
    const answers = { ...verifies, "/wallet/invoke": { err_msg: "chooseWXPay:fail, the permission value is offline verifying" } };
    if (name === "refused") answers["/wallet/preverify"] = { err_msg: "preVerifyJSAPI:invalid signature" };
    await withSDK({ timing: "at-once", answers }, async (p, wx) => {
      wx.config({ ...config, jsApiList: list });
      await p.settle();
      let heard;
      wx.chooseWXPay({ ...pay, fail: (r) => { heard = r.errMsg; } });
      await p.settle();
      assert.equal(p.sent[1][1].unverified, true);
      assert.equal(heard, "chooseWXPay:fail, the permission value is offline verifying");
    });
  });
}

test("wx.checkJsApi speaks the SDK's names, whatever form the client answers in", async () => {
  for (const agent of [IOS, ANDROID]) {
    await withSDK({ timing: "at-once", agent }, async (p, wx) => {
      let heard;
      wx.checkJsApi({ jsApiList: ["chooseWXPay", "scanQRCode"], success: (r) => { heard = plain(r); } });
      await p.settle();
      assert.deepEqual(heard, { errMsg: "checkJsApi:ok", checkResult: { chooseWXPay: true, scanQRCode: false } });
    });
  }
});

test("calls this client has not", async () => {
  await withSDK({ timing: "at-once" }, async (p, wx) => {
    let heard;
    wx.scanQRCode({ needResult: 1, fail: (r) => { heard = r.errMsg; } });
    await p.settle();
    assert.equal(heard, "scanQRCode:function not exist");
    wx.onMenuShareTimeline({});
  });
});

test("debug shows what was asked and heard", async () => {
  await withSDK({ timing: "at-once", answers: verifies }, async (p, wx) => {
    wx.config({ ...config, debug: true });
    await p.settle();
    assert.match(p.alerts.join("\n"), /config:ok/);
  });
});

test("wx.miniProgram.getEnv", async () => {
  for (const [agent, want] of [[IOS, false], [ANDROID + " miniProgram/wx0123456789abcdef", true]]) {
    await withSDK({ timing: "at-once", agent }, async (p, wx) => {
      let env;
      wx.miniProgram.getEnv((r) => { env = r.miniprogram; });
      assert.equal(env, want);
    });
  }
});

test("loaded twice, the first one stays", () => {
  const p = page();
  p.sdk();
  const first = p.window.wx;
  p.sdk();
  assert.equal(p.window.wx, first);
  assert.equal(p.window.jWeixin, first);
});
