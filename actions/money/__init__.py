"""Payments, refunds, invoices and promo codes."""
