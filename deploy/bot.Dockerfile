# The bot's server and its action server, with a model trained from the files as they are.
#   docker build -f deploy/bot.Dockerfile -t balcao-bot .
FROM python:3.10-slim-bookworm AS built
ENV UV_LINK_MODE=copy UV_COMPILE_BYTECODE=1 UV_PYTHON_DOWNLOADS=never
RUN pip install --no-cache-dir uv==0.13.9
WORKDIR /desk
COPY bot/pyproject.toml bot/uv.lock bot/
RUN uv --directory bot sync --frozen --no-dev --no-cache
COPY domain.yml config.yml credentials.yml endpoints.yml ./
COPY data data
COPY bot bot
COPY sla_service/operations/model.py model.py
ENV PATH=/desk/bot/.venv/bin:$PATH PYTHONPATH=/desk RASA_TELEMETRY_ENABLED=false
# The model is called by what it is made from: `bin/desk doctor` compares.
RUN python -W ignore -m rasa train --out models --fixed-model-name "$(python model.py)"

FROM python:3.10-slim-bookworm
RUN groupadd --gid 10001 desk \
 && useradd --uid 10001 --gid desk --no-create-home --shell /usr/sbin/nologin desk
WORKDIR /desk
COPY --from=built /desk/bot/.venv bot/.venv
COPY --from=built /desk/models models
COPY domain.yml config.yml credentials.yml endpoints.yml ./
COPY data data
COPY order_system order_system
COPY bot bot
COPY actions actions
ENV PATH=/desk/bot/.venv/bin:$PATH \
    PYTHONPATH=/desk \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    RASA_TELEMETRY_ENABLED=false \
    SQLALCHEMY_SILENCE_UBER_WARNING=1 \
    TF_CPP_MIN_LOG_LEVEL=3 \
    MPLCONFIGDIR=/tmp/matplotlib \
    HOME=/tmp
USER 10001:10001
EXPOSE 5005
STOPSIGNAL SIGTERM
# For the bot's server; the action server answers /health on 5055.
HEALTHCHECK --interval=10s --timeout=5s --start-period=90s --retries=3 \
  CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:5005/', timeout=4)"]
CMD ["python", "-W", "ignore", "-m", "rasa", "run", "--model", "models", "-i", "0.0.0.0", "--port", "5005"]
