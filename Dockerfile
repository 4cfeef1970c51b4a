# Two stages: the first has pip, the build tool and their cache; the second only what runs.

FROM python:3.11-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /src
COPY requirements.lock requirements-dev.lock ./
RUN python -m venv /opt/monitor \
 && /opt/monitor/bin/python -m pip install --require-hashes --requirement requirements.lock
# the build tool comes from the lock as well, into an environment of its own that is thrown away
RUN python -m venv /opt/tools \
 && /opt/tools/bin/python -m pip install --require-hashes --requirement requirements-dev.lock
COPY pyproject.toml README.md LICENSE NOTICE ./
COPY monitor monitor
RUN /opt/tools/bin/hatchling build --target wheel --directory /tmp/wheel \
 && /opt/monitor/bin/python -m pip install --no-deps --no-index /tmp/wheel/*.whl

FROM python:3.11-slim
RUN groupadd --gid 10001 monitor \
 && useradd --uid 10001 --gid monitor --no-create-home --home-dir /tmp --shell /usr/sbin/nologin monitor \
 && install --directory --owner monitor --group monitor /app/data
COPY --from=build /opt/monitor /opt/monitor
COPY config /app/config
ENV PATH=/opt/monitor/bin:$PATH \
    HOME=/tmp \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    MALLOC_ARENA_MAX=2 \
    MONITOR_HTTP_PORT=9464
WORKDIR /app
# by number: Kubernetes' runAsNonRoot believes no name
USER 10001:10001
VOLUME /app/data
# http.client and not curl, which the image lacks, nor urllib, which would ask a proxy
HEALTHCHECK --interval=60s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import http.client as h, os, sys; c = h.HTTPConnection('127.0.0.1', int(os.environ['MONITOR_HTTP_PORT']), timeout=4); c.request('GET', '/healthz'); sys.exit(c.getresponse().status != 200)"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["monitor"]
CMD ["run"]
