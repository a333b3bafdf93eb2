# Three images from one file: docker build --target sandbox|petshop|certify .
# Nothing here needs BuildKit, and no host is named: Go takes its module proxy from the build arguments where they are
# set (docker-compose.yml passes on the environment's), apt takes the mirror of its base image.

FROM golang:1.26-bookworm AS build
# Empty is the same as unset for the go command.
ARG GOPROXY
ARG GOSUMDB
ARG GOFLAGS
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG VERSION=dev
RUN CGO_ENABLED=0 go build -trimpath -ldflags "-s -w -X main.version=${VERSION}" -o /out/ \
      ./cmd/qfsandbox ./cmd/petshop ./cmd/qfcertify \
 && go clean -cache \
 && install -d -m 0700 -o 65532 -g 65532 /empty/data && install -d -o 65532 -g 65532 /empty/ca

FROM scratch AS sandbox
LABEL org.opencontainers.image.title="qfsandbox" \
      org.opencontainers.image.description="A sandbox for QFPay's WeChat payments: gateway, cashier and wallet" \
      org.opencontainers.image.source="https://github.com/qfpay-sandbox/qfpay-sandbox"
# Roots for notifications to an https address.
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=build /out/qfsandbox /qfsandbox
# Where volumes go: the CA with its key, and its certificate alone for others to read. They take owner and mode from here.
COPY --from=build --chown=65532:65532 /empty /
ENV QFSANDBOX_ADDR=:8080 QFSANDBOX_CONTROL_ADDR=:8081
USER 65532:65532
EXPOSE 8080 8081
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=2s --timeout=2s --retries=5 CMD ["/qfsandbox", "healthcheck"]
ENTRYPOINT ["/qfsandbox"]
ARG VERSION=dev
LABEL org.opencontainers.image.version="${VERSION}"

FROM scratch AS petshop
LABEL org.opencontainers.image.title="petshop" \
      org.opencontainers.image.description="The reference merchant of the QFPay sandbox" \
      org.opencontainers.image.source="https://github.com/qfpay-sandbox/qfpay-sandbox"
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=build /out/petshop /petshop
ENV PETSHOP_ADDR=:8090
USER 65532:65532
EXPOSE 8090
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=2s --timeout=2s --retries=5 CMD ["/petshop", "healthcheck"]
ENTRYPOINT ["/petshop"]
ARG VERSION=dev
LABEL org.opencontainers.image.version="${VERSION}"

# Chromium cannot set up its own sandbox as a non-root user in a container without capabilities: it runs with
# --no-sandbox, and the container is the boundary. The browser comes before the binary, so that a change of ours does
# not install it again. A layer keeps whole seconds, and a font cache that is not as old as its directories is none: so
# they get a whole second before it is made.
FROM debian:bookworm-slim AS certify
RUN apt-get update \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
      ca-certificates chromium-headless-shell fontconfig fonts-noto-cjk \
 && apt-get clean && rm -rf /var/lib/apt/lists/* \
 && find /usr/share/fonts /usr/local/share/fonts -type d -exec touch -d 2026-01-01 {} + \
 && fc-cache -f \
 && groupadd --gid 65532 certify && useradd --uid 65532 --gid 65532 --create-home certify \
 && install -d -o 65532 -g 65532 /out
LABEL org.opencontainers.image.title="qfcertify" \
      org.opencontainers.image.description="Judges a merchant's QFPay integration in a browser that looks like WeChat" \
      org.opencontainers.image.source="https://github.com/qfpay-sandbox/qfpay-sandbox"
COPY fixtures/profiles /profiles
COPY --from=build /out/qfcertify /usr/local/bin/qfcertify
ENV HOME=/home/certify QFCERTIFY_NO_SANDBOX=true
WORKDIR /out
USER 65532:65532
STOPSIGNAL SIGTERM
ENTRYPOINT ["qfcertify"]
CMD ["-h"]
ARG VERSION=dev
LABEL org.opencontainers.image.version="${VERSION}"
