// What WeChat's client puts into the pages it shows: window.WeixinJSBridge, late, and only in the
// top frame. It decides nothing; the sandbox checks each invocation and answers it.
//
// Served to pages of the sandbox, and injected into any page by a test browser, which then says
// where the sandbox is: window.__sandboxWallet = "http://127.0.0.1:8080".
(function () {
  "use strict";
  if (window !== window.top || window.WeixinJSBridge || window.__sandboxBridge) return;
  window.__sandboxBridge = true;

  var script = document.currentScript;
  var home = window.__sandboxWallet || (script && script.src ? new URL(script.src).origin : location.origin);
  var open = null; // the wallet that is open now; there is one at a time

  function show(address, done) {
    var frame = document.createElement("iframe");
    frame.id = "wx-wallet";
    frame.title = "微信支付 WeChat Pay";
    frame.src = address;
    frame.style.cssText = "position:fixed;inset:0;width:100%;height:100%;border:0;z-index:2147483647;background:transparent;color-scheme:light dark"; // the sheet's own scheme: of two, browsers paint the veil opaque;
    open = { frame: frame, done: done };
    document.body.appendChild(frame);
    frame.focus();
  }

  window.addEventListener("message", function (event) {
    if (!open || event.source !== open.frame.contentWindow || event.origin !== home) return;
    var finished = open;
    open = null;
    finished.frame.remove();
    finished.done(event.data);
  });

  function result(answer) {
    var r = { err_msg: answer.err_msg };
    if (answer.err_code) r.err_code = answer.err_code;
    if (answer.err_desc) r.err_desc = answer.err_desc;
    return r;
  }

  function pay(params, callback) {
    var handed = JSON.stringify({ page: location.href, params: params || {} });
    var done = function (answer) {
      if (navigator.sendBeacon) navigator.sendBeacon(home + "/wallet/returned", handed); // the sandbox times what follows the return
      if (callback) callback(result(answer));
    };
    if (open) {
      done({ err_msg: "get_brand_wcpay_request:fail", err_desc: "the wallet is open already" });
      return;
    }
    open = { frame: {} };
    fetch(home + "/wallet/invoke", {
      method: "POST",
      credentials: "include",
      headers: { "Content-Type": "application/json" },
      body: handed
    }).then(function (r) { return r.json(); }).then(function (answer) {
      open = null;
      if (answer.frame) show(answer.frame, done);
      else done(answer);
    }).catch(function (reason) {
      open = null;
      done({ err_msg: "get_brand_wcpay_request:fail", err_desc: String(reason) });
    });
  }

  function close() {
    if (history.length > 1) history.back();
    else window.close();
  }

  function ready() {
    window.WeixinJSBridge = {
      invoke: function (name, params, callback) {
        if (name === "getBrandWCPayRequest") pay(params, callback);
        else if (callback) callback({ err_msg: "system:function_not_exist" });
      },
      call: function (name) { if (name === "closeWindow") close(); },
      on: function () {},
      log: function () {}
    };
    document.dispatchEvent(new Event("WeixinJSBridgeReady"));
  }

  // The client injects after the document is there, never before the page's own first scripts.
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", function () { setTimeout(ready, 0); });
  else setTimeout(ready, 0);
})();
