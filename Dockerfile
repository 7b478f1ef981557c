# A static program on an empty image: docker build -t latchkey .
FROM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -ldflags="-s -w" -o /out/latchkey ./cmd/latchkey \
 && mkdir -p /out/data /out/tmp

FROM scratch
# Directories, mail servers and Slack are reached over TLS.
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /out/latchkey /usr/bin/latchkey
# SQLite, checkpoints and archive; nobody else may look.
COPY --from=build --chown=65532:65532 --chmod=700 /out/data /var/lib/latchkey
COPY --from=build --chown=65532:65532 --chmod=700 /out/tmp /tmp
USER 65532:65532
EXPOSE 8443
VOLUME /var/lib/latchkey
ENTRYPOINT ["/usr/bin/latchkey"]
CMD ["serve", "--config", "/etc/latchkey/latchkey.yaml"]
