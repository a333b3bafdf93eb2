// What WeChat's client puts into the pages it shows: window.WeixinJSBridge, late, and only in the top
// frame. It decides nothing; the sandbox checks each invocation and answers it.
//
// GET /wallet/bridge.js serves this function called with where the wallet is (home, a list), who holds the phone
// (payer, "" where the cookie tells) and when the bridge appears (timing). A test driver injects that text
// into every page; the cashier loads it as a script.
(function (config) {
  "use strict";
  if (window !== window.top || window.WeixinJSBridge || window.__sandboxBridge) return;
  Object.defineProperty(window, "__sandboxBridge", { value: true });

  var home = walletOf(config.home);
  var agent = navigator.userAgent;
  var isIPhone = /iPhone|iPad|iPod/i.test(agent);
  var entry = location.href;
  var open = null; // the wallet that is open now; there is one at a time
  var pageState = []; // who listens for onPageStateChange
  var verified = []; // what wx.config may use
  // Answered with ok and done with: there is no menu here.
  var harmless = ["hideOptionMenu", "showOptionMenu", "hideToolbar", "showToolbar", "hideMenuItems", "showMenuItems",
    "hideAllNonBaseMenuItem", "showAllNonBaseMenuItem", "updateAppMessageShareData", "updateTimelineShareData"];
  var known = harmless.concat("getBrandWCPayRequest", "preVerifyJSAPI", "checkJsApi", "closeWindow");

  // This machine has two names. The wallet is called by the page's own, which makes it the same site.
  function sameMachine(home) {
    var wallet = new URL(home), names = ["localhost", "127.0.0.1"];
    if (names.indexOf(wallet.hostname) >= 0 && names.indexOf(location.hostname) >= 0) wallet.hostname = location.hostname;
    return wallet.origin;
  }

  // Of several addresses of the wallet a page of the sandbox's own takes the one it came from, others the first.
  function walletOf(homes) {
    var origins = homes.map(sameMachine);
    return origins.indexOf(location.origin) >= 0 ? location.origin : origins[0];
  }

  // The address WeChat judges: on an iPhone the one the document was opened with, whatever a
  // single-page application made of it since (wechat 3.3, 3.6).
  function judged() { return isIPhone ? entry : location.href; }

  // No bridge call answers before it has returned.
  function later(callback, answer) {
    if (typeof callback === "function") setTimeout(function () { callback(answer); }, 0);
  }

  // A simple request: it needs no preflight from whatever site the page is of.
  function send(path, body) {
    return fetch(home + path, { method: "POST", credentials: "include", headers: { "Content-Type": "text/plain;charset=UTF-8" }, body: body })
      .then(function (r) { return r.json(); });
  }

  function show(address, done) {
    var frame = document.createElement("iframe");
    frame.id = "wx-wallet";
    frame.title = "微信支付 WeChat Pay";
    frame.src = address;
    frame.style.cssText = "position:fixed;inset:0;width:100%;height:100%;border:0;z-index:2147483647;background:transparent;color-scheme:light dark"; // the sheet's own scheme: of two, browsers paint the veil opaque;
    open = { frame: frame, origin: new URL(address).origin, done: done };
    (document.body || document.documentElement).appendChild(frame);
    frame.focus();
  }

  window.addEventListener("message", function (event) {
    if (!open || !open.frame || event.source !== open.frame.contentWindow || event.origin !== open.origin) return;
    var finished = open;
    open = null;
    finished.frame.remove();
    finished.done(event.data);
  });

  function result(answer) {
    var r = { err_msg: answer.err_msg };
    if (answer.err_code) r.err_code = answer.err_code;
    if (answer.err_desc) r.err_desc = answer.err_desc;
    if (/wechatdevtools/i.test(agent)) r.errMsg = answer.err_msg; // seen there under this name
    return r;
  }

  function handed(params) { return { page: judged(), payer: config.payer || undefined, params: params || {} }; }

  function pay(params, callback) {
    var invocation = handed(params);
    var first = !open;
    if (!first) invocation.again = true;
    if (params && "verifyAppId" in params && verified.indexOf("getBrandWCPayRequest") < 0) invocation.unverified = true;
    var text = JSON.stringify(invocation);
    if (first) open = {};
    var done = function (answer) {
      if (first && navigator.sendBeacon) navigator.sendBeacon(home + "/wallet/returned", text); // the sandbox times what follows the return
      later(callback, result(answer));
    };
    send("/wallet/invoke", text).then(function (answer) {
      if (first) open = null;
      if (answer.frame && first) show(answer.frame, done);
      else done(answer);
    }).catch(function (reason) {
      if (first) open = null;
      done({ err_msg: "get_brand_wcpay_request:fail", err_desc: String(reason) });
    });
  }

  // The JS-SDK's wx.config. What verifies is known by WeChat's own names.
  function verify(params, callback) {
    send("/wallet/preverify", JSON.stringify(handed(params))).then(function (answer) {
      if (answer.err_msg === "preVerifyJSAPI:ok") verified = (params.verifyJsApiList || []).map(function (name) { return name === "chooseWXPay" ? "getBrandWCPayRequest" : name; });
      later(callback, result(answer));
    }).catch(function (reason) { later(callback, { err_msg: "preVerifyJSAPI:fail", err_desc: String(reason) }); });
  }

  function check(params, callback) {
    var there = {};
    ((params && params.jsApiList) || []).forEach(function (name) { there[name] = known.indexOf(name) >= 0; });
    later(callback, { err_msg: "checkJsApi:ok", checkResult: /android/i.test(agent) ? JSON.stringify(there) : there }); // Android's client hands it over as text
  }

  function close() {
    if (history.length > 1) history.back();
    else window.close();
  }

  function ready() {
    window.WeixinJSBridge = {
      invoke: function (name, params, callback) {
        if (name === "getBrandWCPayRequest") pay(params, callback);
        else if (name === "preVerifyJSAPI") verify(params || {}, callback);
        else if (name === "checkJsApi") check(params, callback);
        else if (name === "closeWindow") close();
        else if (harmless.indexOf(name) >= 0) later(callback, { err_msg: name + ":ok" });
        else later(callback, { err_msg: "system:function_not_exist" });
      },
      call: function (name) { if (name === "closeWindow") close(); },
      on: function (name, callback) { if (name === "onPageStateChange" && typeof callback === "function") pageState.push(callback); },
      log: function () {}
    };
    // Pages that take any value for a mini-program are wrong on an iPhone (wechat 1.2).
    if (/miniProgram/i.test(agent)) window.__wxjs_environment = "miniprogram";
    else if (isIPhone) window.__wxjs_environment = "browser";
    document.addEventListener("visibilitychange", function () {
      var state = { active: String(document.visibilityState === "visible") };
      pageState.forEach(function (callback) { callback(state); });
    });
    document.dispatchEvent(new Event("WeixinJSBridgeReady"));
  }

  var slowly = 3000; // milliseconds after the page was loaded

  // When the bridge appears is the payer's (wechat 3.1).
  var timings = {
    "at-once": ready,
    "late": function () {
      if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", function () { setTimeout(ready, 0); });
      else setTimeout(ready, 0);
    },
    "slow": function () {
      if (document.readyState !== "complete") window.addEventListener("load", function () { setTimeout(ready, slowly); });
      else setTimeout(ready, slowly);
    },
    "on-touch": function () {
      var touches = ["pointerdown", "touchstart", "mousedown", "keydown", "click"];
      function touched() {
        touches.forEach(function (name) { window.removeEventListener(name, touched, true); });
        ready();
      }
      touches.forEach(function (name) { window.addEventListener(name, touched, true); });
    },
    "never": function () {}
  };
  timings[config.timing]();
})
