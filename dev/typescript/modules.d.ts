// ECharts types its options in 10 MB of declarations, which the reports' one chart module needs none of.
declare module "echarts" {
  const echarts: any;
  export = echarts;
}
