package container_test

import (
	"bufio"
	"context"
	"crypto/md5"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/moby/moby/client"
	"github.com/testcontainers/testcontainers-go"

	"github.com/qfpay-sandbox/qfpay-sandbox/sandbox/sandboxtest/container"
)

const ownerLabel = "qfpay-sandbox.owner"

// call sends JSON to the controls and gives one field of what they answer.
func call(t *testing.T, method, address, body, field string) string {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	return answer(t, req, field)
}

func answer(t *testing.T, req *http.Request, field string) string {
	t.Helper()
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	var fields map[string]any
	if err := json.Unmarshal(raw, &fields); err != nil {
		t.Fatalf("%s answered HTTP %d and %s: %v", req.URL, resp.StatusCode, raw, err)
	}
	return fmt.Sprint(fields[field])
}

// order makes order T1 of alice's, signed as QFPay's documents say, and pays it.
func order(t *testing.T, c *container.Container) string {
	t.Helper()
	controls := c.ControlURL + "/_sandbox/v1"
	call(t, "POST", controls+"/payers", `{"id": "alice"}`, "id")
	openid := call(t, "GET", controls+"/apps/"+c.AppCode+"/payers/alice", "", "openid")
	sorted := "out_trade_no=T1&pay_type=800207&sub_openid=" + openid + "&txamt=300&txcurrcd=HKD&txdtm=2026-03-14 10:00:00"
	req, err := http.NewRequestWithContext(t.Context(), "POST", c.URL+"/trade/v1/payment", strings.NewReader(url.PathEscape(sorted)))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("X-QF-APPCODE", c.AppCode)
	req.Header.Set("X-QF-SIGN", fmt.Sprintf("%X", md5.Sum([]byte(sorted+c.ClientKey))))
	if respcd := answer(t, req, "respcd"); respcd != "0000" {
		t.Fatalf("the payment gives respcd %s, want 0000", respcd)
	}
	return call(t, "POST", controls+"/apps/"+c.AppCode+"/orders/T1/pay", "{}", "state")
}

// A payment in the container is told to a server of this test, on the machine outside.
func TestPaymentIsNotified(t *testing.T) {
	heard := make(chan string, 1)
	merchant := container.Serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		heard <- string(body)
		io.WriteString(w, "SUCCESS")
	}))
	c := container.Start(t, container.WithApp("MYAPP", "MYKEY"), container.WithNotifyURL(merchant+"/notify"))
	if state := order(t, c); state != "paid" {
		t.Errorf("the order is %s, want paid", state)
	}
	select {
	case got := <-heard:
		if !strings.Contains(got, `"out_trade_no": "T1"`) {
			t.Errorf("the merchant got %s, want order T1 in it", got)
		}
	case <-time.After(time.Minute):
		t.Fatal("the merchant heard nothing for a minute")
	}
}

func TestParallelContainers(t *testing.T) {
	for _, app := range []string{"ONE", "TWO"} {
		t.Run(app, func(t *testing.T) {
			t.Parallel()
			c := container.Start(t, container.WithApp(app, "KEYOF"+app))
			if state := order(t, c); state != "paid" {
				t.Errorf("the order is %s, want paid", state)
			}
		})
	}
}

// engine is Docker's client; a test that gets here without an engine is skipped as Start does it.
func engine(t *testing.T) client.APIClient {
	t.Helper()
	container.Start(t)
	p, err := testcontainers.NewDockerProvider()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Close() })
	return p.Client()
}

// isThere gives the engine a while to have a container's end behind it.
func isThere(t *testing.T, engine client.APIClient, id string) bool {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	waited := engine.ContainerWait(ctx, id, client.ContainerWaitOptions{Condition: "removed"})
	select {
	case <-waited.Result:
	case <-waited.Error:
	}
	_, err := engine.ContainerInspect(t.Context(), id, client.ContainerInspectOptions{})
	return err == nil
}

func TestNothingIsLeftBehind(t *testing.T) {
	docker := engine(t)
	var id string
	t.Run("a test", func(t *testing.T) {
		c := container.Start(t)
		id = c.GetContainerID()
		got, err := docker.ContainerInspect(t.Context(), id, client.ContainerInspectOptions{})
		if err != nil {
			t.Fatal(err)
		}
		host := got.Container.HostConfig
		if !host.AutoRemove || !host.ReadonlyRootfs || len(host.CapDrop) != 1 || !strings.Contains(got.Container.Config.Labels[ownerLabel], fmt.Sprint(os.Getpid())) {
			t.Errorf("the container is %+v with %v, want it confined, named after this process, and removed when it ends", host, got.Container.Config.Labels)
		}
	})
	if isThere(t, docker, id) {
		t.Errorf("container %s is there after its test", id)
	}
}

// again runs this test program with other variables, and gives what it printed.
func again(t *testing.T, test string, environ ...string) (string, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	child := exec.CommandContext(ctx, os.Args[0], "-test.v", "-test.run=^"+test+"$")
	child.Env = append(os.Environ(), environ...)
	out, err := child.CombinedOutput()
	return string(out), err
}

// TestKilled is for TestLeftoversOfAKilledTest: it ends without its cleanups.
func TestKilled(t *testing.T) {
	if os.Getenv("BE_KILLED") == "" {
		t.Skip("runs from TestLeftoversOfAKilledTest")
	}
	fmt.Println("container", container.Start(t).GetContainerID())
	os.Exit(7)
}

func TestLeftoversOfAKilledTest(t *testing.T) {
	docker, alive := engine(t), container.Start(t).GetContainerID()
	out, err := again(t, "TestKilled", "BE_KILLED=yes")
	var ended *exec.ExitError
	if !errors.As(err, &ended) || ended.ExitCode() != 7 {
		t.Fatalf("the killed test ended with %v\n%s", err, out)
	}
	var id string
	for lines := bufio.NewScanner(strings.NewReader(out)); lines.Scan(); {
		if after, found := strings.CutPrefix(lines.Text(), "container "); found {
			id = after
		}
	}
	if _, err := docker.ContainerInspect(t.Context(), id, client.ContainerInspectOptions{}); err != nil {
		t.Fatalf("the killed test's container is gone already, so this shows nothing: %v", err)
	}
	container.Start(t)
	if isThere(t, docker, id) {
		t.Errorf("container %s of a killed test is there after the next one started", id)
	}
	if _, err := docker.ContainerInspect(t.Context(), alive, client.ContainerInspectOptions{}); err != nil {
		t.Errorf("a container of this test, which runs, is gone: %v", err)
	}
}

func TestWithoutAnEngine(t *testing.T) {
	for _, c := range []struct{ ci, want string }{
		{"", "--- SKIP: TestPaymentIsNotified"},
		{"false", "--- SKIP: TestPaymentIsNotified"},
		{"true", "--- FAIL: TestPaymentIsNotified"},
	} {
		out, _ := again(t, "TestPaymentIsNotified", "DOCKER_HOST=tcp://127.0.0.1:1", "DOCKER_TLS_VERIFY=1", "DOCKER_CERT_PATH="+t.TempDir(), "CI="+c.ci)
		if !strings.Contains(out, c.want) || !strings.Contains(out, "no docker engine answers; start one, or point DOCKER_HOST at one") {
			t.Errorf("with CI=%s it printed\n%s\nwant %q and why", c.ci, out, c.want)
		}
	}
}

// Nobody's name is asked of a public registry.
func TestImageThatIsNotHere(t *testing.T) {
	engine(t)
	_, err := container.Run(t.Context(), "qfpay-sandbox/sandbox:no-such-tag")
	if err == nil || !strings.HasPrefix(err.Error(), "image qfpay-sandbox/sandbox:no-such-tag is not here and names no registry") {
		t.Errorf("error %v, want it to name the image and how to get it", err)
	}
}
