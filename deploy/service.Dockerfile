# The desk's web process, worker and command line. Built from the project's root:
#   docker build -f deploy/service.Dockerfile --build-arg COMMIT=$(git rev-parse HEAD) -t balcao .
FROM python:3.12-slim-bookworm AS built
ENV UV_LINK_MODE=copy UV_COMPILE_BYTECODE=1 UV_PYTHON_DOWNLOADS=never
RUN pip install --no-cache-dir uv==0.13.9
WORKDIR /desk
COPY pyproject.toml uv.lock ./
RUN uv sync --frozen --no-dev --no-cache

FROM python:3.12-slim-bookworm
ARG COMMIT=""
RUN groupadd --gid 10001 desk \
 && useradd --uid 10001 --gid desk --no-create-home --shell /usr/sbin/nologin desk \
 && install -d -o desk -g desk -m 0700 /var/lib/balcao /var/lib/balcao/media
WORKDIR /desk
COPY --from=built /desk/.venv .venv
COPY pyproject.toml sla_policies.yml domain.yml config.yml ./
COPY data data
COPY migrations migrations
COPY order_system order_system
COPY bot bot
COPY sla_service sla_service
ENV PATH=/desk/.venv/bin:$PATH \
    PYTHONPATH=/desk \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DESK_COMMIT=$COMMIT \
    DESK_HOST=0.0.0.0 \
    DESK_LOG_JSON=true \
    DESK_MEDIA__FOLDER=/var/lib/balcao/media
USER 10001:10001
EXPOSE 8000
STOPSIGNAL SIGTERM
# For the web process; whoever starts another one says what its health is.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
  CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/readyz', timeout=4)"]
CMD ["python", "-m", "sla_service.app"]
