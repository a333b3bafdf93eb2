// WeChat's JavaScript SDK as pages know it: wx.config, wx.ready, wx.error, wx.chooseWXPay and the small calls
// around them, over the WeixinJSBridge that the client puts into the page. It decides nothing.
//
// What each call hands to the bridge and hears back: wechat 3.3. Calls of the SDK that have nothing to do with paying
// are here too, and end as in a client that does not have them.
(function (window) {
  "use strict";
  if (window.jWeixin) return;

  var document = window.document;
  var isWeChat = /micromessenger/i.test(window.navigator.userAgent);
  // Names that the bridge has for calls, where they differ.
  var atBridge = { config: "preVerifyJSAPI", chooseWXPay: "getBrandWCPayRequest" };
  var ofBridge = { preVerifyJSAPI: "config", getBrandWCPayRequest: "chooseWXPay", get_brand_wcpay_request: "chooseWXPay" };

  var settings = {}; // of the latest wx.config
  var state = 0; // 0 not known yet, 1 verified, -1 refused
  var verdict = null; // what wx.error hears
  var waiting = []; // wx.ready's, until the state is known
  var onError = null;

  function bridgeName(api) { return atBridge[api] || api; }

  function whenBridged(then) {
    if (window.WeixinJSBridge) then();
    else document.addEventListener("WeixinJSBridgeReady", then, false);
  }

  function tell(what, of) {
    if (settings.debug) window.alert(what + "\n" + JSON.stringify(of));
  }

  // A result in the SDK's words: errMsg under the call's own name, and none of the bridge's codes.
  function heard(api, answer) {
    var result = {};
    for (var key in answer || {}) {
      if (["err_msg", "errMsg", "err_code", "err_desc", "err_detail"].indexOf(key) < 0) result[key] = answer[key];
    }
    var said = String((answer && (answer.errMsg || answer.err_msg)) || "");
    var colon = said.indexOf(":");
    var outcome = colon < 0 ? said : said.slice(colon + 1);
    if (outcome === "confirm" || outcome === "function_not_exist" || outcome === "access_denied") {
      outcome = { confirm: "ok", function_not_exist: "function not exist", access_denied: "permission denied" }[outcome];
    }
    result.errMsg = (ofBridge[api] || api) + ":" + outcome;
    return result;
  }

  function finish(api, answer, o) {
    var result = heard(api, answer);
    if (o.before) o.before(result);
    tell(result.errMsg, result);
    var outcome = result.errMsg.slice(result.errMsg.indexOf(":") + 1);
    var callback = outcome === "ok" ? o.success : outcome === "cancel" ? o.cancel : o.fail;
    if (typeof callback === "function") callback(result);
    if (typeof o.complete === "function") o.complete(result);
  }

  // Without a bridge a call is lost; that is why pages wait for wx.ready.
  function invoke(api, params, o) {
    if (!window.WeixinJSBridge) {
      tell(api + ": no WeixinJSBridge", params);
      return;
    }
    tell(api, params);
    window.WeixinJSBridge.invoke(bridgeName(api), params, function (answer) { finish(api, answer, o || {}); });
  }

  function known(now, result) {
    state = now;
    verdict = result;
    if (now < 0 && onError) onError(result);
    var calls = waiting;
    waiting = [];
    calls.forEach(function (call) { call(); }); // after a refusal too
  }

  function config(o) {
    settings = o || {};
    state = 0;
    tell("config", settings);
    if (!isWeChat) return;
    whenBridged(function () {
      invoke("config", {
        verifyAppId: settings.appId,
        verifyJsApiList: (settings.jsApiList || []).map(bridgeName),
        verifyOpenTagList: settings.openTagList || [],
        verifySignType: "sha1",
        verifyTimestamp: String(settings.timestamp),
        verifyNonceStr: settings.nonceStr,
        verifySignature: settings.signature,
      }, {
        success: function (r) { known(1, r); },
        cancel: function (r) { known(-1, r); },
        fail: function (r) { known(-1, r); },
      });
    });
  }

  function ready(call) {
    if (state !== 0 || (!isWeChat && settings.debug)) call();
    else waiting.push(call);
  }

  function error(call) {
    if (state < 0) call(verdict);
    else onError = call;
  }

  // The appId is wx.config's, whatever the call names. A timestamp that is missing is the text "undefined".
  function chooseWXPay(o) {
    o = o || {};
    invoke("chooseWXPay", {
      appId: settings.appId,
      timeStamp: String(o.timestamp),
      nonceStr: o.nonceStr,
      package: o.package,
      signType: o.signType || "SHA1",
      paySign: o.paySign,
      verifyAppId: settings.appId,
      verifySignType: "sha1",
      verifyTimestamp: String(settings.timestamp),
      verifyNonceStr: settings.nonceStr,
      verifySignature: settings.signature,
    }, o);
  }

  function checkJsApi(o) {
    o = o || {};
    var before = function (result) {
      var there = result.checkResult, own = {};
      if (typeof there === "string") there = JSON.parse(there); // Android's client hands over text
      for (var name in there || {}) own[ofBridge[name] || name] = there[name];
      result.checkResult = own;
    };
    invoke("checkJsApi", { jsApiList: (o.jsApiList || []).map(bridgeName) },
      { before: before, success: o.success, cancel: o.cancel, fail: o.fail, complete: o.complete });
  }

  var sdk = { config: config, ready: ready, error: error, checkJsApi: checkJsApi, chooseWXPay: chooseWXPay };

  // Calls whose parameters go to the bridge as they are.
  ["hideOptionMenu", "showOptionMenu", "closeWindow", "hideMenuItems", "showMenuItems", "hideAllNonBaseMenuItem",
    "showAllNonBaseMenuItem", "updateAppMessageShareData", "updateTimelineShareData", "scanQRCode", "getLocation", "openLocation",
    "getNetworkType", "chooseImage", "previewImage", "uploadImage", "downloadImage", "getLocalImgData", "openAddress", "chooseCard",
    "addCard", "openCard", "startRecord", "stopRecord", "playVoice", "pauseVoice", "stopVoice", "uploadVoice", "downloadVoice",
    "translateVoice", "openProductSpecificView", "openEnterpriseChat"].forEach(function (api) {
    sdk[api] = function (o) {
      o = o || {};
      var params = {};
      for (var key in o) if (typeof o[key] !== "function") params[key] = o[key];
      invoke(api, params, o);
    };
  });

  // What a menu would do when somebody chose it: nobody does here.
  ["onMenuShareTimeline", "onMenuShareAppMessage", "onMenuShareQQ", "onMenuShareWeibo", "onMenuShareQZone", "onVoicePlayEnd",
    "onVoiceRecordEnd"].forEach(function (api) { sdk[api] = function () {}; });

  sdk.miniProgram = {
    getEnv: function (call) { call({ miniprogram: window.__wxjs_environment === "miniprogram" }); },
  };
  ["navigateTo", "navigateBack", "switchTab", "reLaunch", "redirectTo", "postMessage"].forEach(function (name) {
    sdk.miniProgram[name] = function (o) { invoke("invokeMiniProgramAPI", { name: name, arg: JSON.stringify(o || {}) }, o); };
  });

  window.wx = window.jWeixin = sdk;
})(window);
