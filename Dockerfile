# The service as one program: Swift and Foundation are linked into it, so the image that runs it has no compiler and
# no Swift in it. The database is elsewhere (DATABASE_URL); see docker-compose.yml.
FROM swift:6.3.1-bookworm AS builder
RUN apt-get update \
    && apt-get install --yes --no-install-recommends libpq-dev make pkg-config \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY . .
RUN make release && install -D .build/release/digidel /out/digidel

FROM debian:bookworm-20260316-slim
# libpq for the database, certificates to verify its server, libstdc++ for Swift's runtime, tzdata for Foundation.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates libpq5 libstdc++6 tzdata \
    && rm -rf /var/lib/apt/lists/* \
    && groupadd --gid 10001 digidel \
    && useradd --uid 10001 --gid digidel --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin digidel
COPY --from=builder /out/digidel /usr/local/bin/digidel
USER 10001:10001
ENV HOST=0.0.0.0
EXPOSE 8080
# Whether the program answers, not whether its database does: a restart would not bring that back. By bash alone, to
# spare the image a program for it.
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 CMD ["/bin/bash", "-c", \
    "exec 3<>/dev/tcp/127.0.0.1/${PORT:-8080} && printf 'GET /health/live HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n' >&3 && read -r line <&3 && [[ $line == *' 200 '* ]]"]
ENTRYPOINT ["digidel"]
CMD ["serve"]
